// monday-sdk-js against the simulator: MONDAY_COM_* in the environment, which it heeds in development only.
import { createRequire } from "node:module";
import { build, fill, find, pages, put_away, refused, say } from "./story.mjs";

const require = createRequire(`${process.env.CLIENTS}/package.json`);
const monday = require("monday-sdk-js/server-sdk")({ token: process.env.TOKEN, apiVersion: "2026-10" });

// It hands an error body back like an answer: whoever does not look takes a refusal for success.
const asked = (query, variables) => monday.api(query, { variables });
const ask = async (query, variables) => {
  const answer = await asked(query, variables);
  if (answer.errors || !answer.data) throw Object.assign(new Error("refused"), { answer });
  return answer.data;
};
const refusal = ({ answer }) => ({
  kind: "answer",
  code: answer.errors[0].extensions?.code ?? answer.errors[0].extensions?.error_code,
  wait: answer.errors[0].extensions?.retry_in_seconds,
  message: answer.errors[0].message,
});

const place = await build(ask);
const { board, columns, open, done } = place;
const create = async (name, group) =>
  (
    await ask("mutation ($b: ID!, $g: String, $n: String!) { create_item(board_id: $b, group_id: $g, item_name: $n) { id } }", {
      b: board,
      g: group,
      n: name,
    })
  ).create_item.id;
const { items, subitem } = await fill(ask, place, create);
say("filled", { board, columns, open, done, items, subitem: subitem.id, parent: subitem.parent_item.id });

say("pages", await pages(ask, board));
say("found", { names: (await find(ask, board, columns.key, ["k-5", "K-6"])).map((item) => item.name) });

const [target] = items;
const values = JSON.stringify({
  name: "Order one",
  [columns.amount]: "12.5",
  [columns.state]: "Done",
  [columns.due]: { date: "2026-04-02" },
});
const changed = await ask(
  "mutation ($b: ID!, $i: ID!, $v: JSON!) { change_multiple_column_values(board_id: $b, item_id: $i, column_values: $v, create_labels_if_missing: true) { name } }",
  { b: board, i: target, v: values },
);
say("changed", { name: changed.change_multiple_column_values.name });
say("put away", await put_away(ask, items, done));

const simple = `mutation ($v: String) { change_simple_column_value(board_id: ${board}, item_id: ${target}, column_id: "${columns.amount}", value: $v) { id } }`;
say("invalid value", await refused(refusal, () => ask(simple, { v: "twelve" })));
const again = () => create("Order 8", open);
say("too many", await refused(refusal, again));
say("broken", await refused(refusal, again));
say("after the 500", { found: (await find(ask, board, "name", ["Order 8"])).length });
say("unknown field", await refused(refusal, () => ask("{ boards { nonsense } }")));
say("not json", await refused((error) => ({ text: error.message.slice(0, 6) }), () => ask("{ account { id } }")));

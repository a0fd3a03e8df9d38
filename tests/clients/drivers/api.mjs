// @mondaydotcomorg/api against the simulator: endpoint and token are its own settings.
import { createRequire } from "node:module";
import { build, fill, find, pages, put_away, refused, say } from "./story.mjs";

const require = createRequire(`${process.env.CLIENTS}/package.json`);
const { ApiClient, ClientError } = require("@mondaydotcomorg/api");

const client = new ApiClient({ token: process.env.TOKEN, endpoint: `${process.env.SIMULATOR}/v2` });
const { operations } = client;
const ask = (query, variables) => client.request(query, variables);
const refusal = (error) => ({
  kind: error.constructor === ClientError ? "ClientError" : error.constructor.name,
  status: error.response?.status,
  code: error.response?.errors?.[0]?.extensions?.code ?? error.response?.errors?.[0]?.extensions?.error_code,
  wait: error.response?.errors?.[0]?.extensions?.retry_in_seconds,
  after: error.response?.headers?.get("retry-after") ?? undefined,
});

const me = await operations.getMeOp();
say("me", { id: me.me.id });
const raw = await client.rawRequest("{ versions { kind value } version { value } }");
say("version", {
  asked: "2026-01",
  header: raw.headers.get("api-version"),
  served: raw.data.version.value,
  kinds: raw.data.versions.map((each) => each.kind).sort(),
  request: raw.extensions.request_id === raw.headers.get("x-request-id"),
});

const place = await build(ask);
const { board, columns, open, done } = place;
const groups = await operations.getBoardGroupsOp({ ids: [board] });
say("groups", { titles: groups.boards[0].groups.map((group) => group.title) });
const create = async (name, group) =>
  (await operations.createItemOp({ boardId: board, groupId: group, itemName: name })).create_item.id;
const { items, subitem } = await fill(ask, place, create);
say("filled", { board, columns, open, done, items, subitem: subitem.id, parent: subitem.parent_item.id });

say("pages", await pages(ask, board));
const first = await operations.getBoardItemsOp({ ids: [board] });
say("read", { count: first.boards[0].items_page.items.length });
const found = await find(ask, board, columns.key, ["k-5", "K-6"]);
say("found", { names: found.map((item) => item.name) });

const [target] = items;
await operations.changeSimpleColumnValueOp({ boardId: board, itemId: target, columnId: columns.state, value: "Done" });
await operations.changeColumnValueOp({ boardId: board, itemId: target, columnId: columns.due, value: '{"date":"2026-04-02"}' });
const changed = await operations.changeMultipleColumnValuesOp({
  boardId: board,
  itemId: target,
  columnValues: JSON.stringify({ name: "Order one", [columns.amount]: "12.5" }),
});
say("changed", { name: changed.change_multiple_column_values.name });
const file = new File([Buffer.from("papers of an order")], "order.txt", { type: "text/plain" });
const added = await client.request(
  "mutation ($file: File!, $i: ID!, $c: String!) { add_file_to_column(file: $file, item_id: $i, column_id: $c) { id name file_size } }",
  { file, i: target, c: columns.papers },
);
say("file", { name: added.add_file_to_column.name, size: added.add_file_to_column.file_size });
say("put away", await put_away(ask, items, done));

const change = (value) => () =>
  operations.changeSimpleColumnValueOp({ boardId: board, itemId: target, columnId: columns.amount, value });
say("invalid value", await refused(refusal, change("twelve")));
const again = () => create("Order 8", open);
say("too many", await refused(refusal, again));
say("broken", await refused(refusal, again));
const kept = await find(ask, board, "name", ["Order 8"]);
say("after the 500", { found: kept.length });
say("unknown field", await refused(refusal, () => ask("{ boards { nonsense } }")));
say("bad token", await refused(refusal, () =>
  new ApiClient({ token: "wrong", endpoint: `${process.env.SIMULATOR}/v2` }).request("{ me { id } }")));

// What both JavaScript clients do with a board. `ask(query, variables)` gives the data or throws;
// `refusal(error)` says what the client tells of an error.

const LEAF = "id name group { id } column_values { id text value }";

export function say(step, seen) {
  process.stdout.write(JSON.stringify({ step, ...seen }) + "\n");
}

export async function refused(refusal, attempt) {
  try {
    return { accepted: await attempt() };
  } catch (error) {
    return refusal(error);
  }
}

export async function build(ask) {
  const board = (
    await ask(
      "mutation ($name: String!) { create_board(board_name: $name, board_kind: public, empty: true) { id groups { id } } }",
      { name: "Clients" },
    )
  ).create_board;
  const column = async (title, type, id) =>
    (
      await ask(
        "mutation ($b: ID!, $t: String!, $y: ColumnType!, $i: String) { create_column(board_id: $b, title: $t, column_type: $y, id: $i) { id type } }",
        { b: board.id, t: title, y: type, i: id },
      )
    ).create_column.id;
  const columns = {
    key: await column("Key", "text", "key"),
    amount: await column("Amount", "numbers", null),
    state: await column("State", "status", null),
    due: await column("Due", "date", null),
    papers: await column("Papers", "file", null),
  };
  const group = async (name) =>
    (await ask("mutation ($b: ID!, $n: String!) { create_group(board_id: $b, group_name: $n) { id title } }", {
      b: board.id,
      n: name,
    })).create_group.id;
  return { board: board.id, columns, open: await group("Open"), done: await group("Done") };
}

export async function fill(ask, { board, columns, open }, create) {
  const items = [];
  for (let number = 1; number <= 7; number += 1) items.push(await create(`Order ${number}`, open));
  for (const [at, id] of items.entries()) {
    const values = {
      [columns.key]: `K-${at + 1}`,
      [columns.amount]: String(10 * (at + 1)),
      [columns.state]: { label: "Open" },
      [columns.due]: { date: "2026-03-01" },
    };
    await ask(
      "mutation ($b: ID!, $i: ID!, $v: JSON!) { change_multiple_column_values(board_id: $b, item_id: $i, column_values: $v, create_labels_if_missing: true) { id } }",
      { b: board, i: id, v: JSON.stringify(values) },
    );
  }
  const child = await ask(
    "mutation ($i: ID!) { create_subitem(parent_item_id: $i, item_name: \"Size M\") { id board { id } parent_item { id } } }",
    { i: items[0] },
  );
  return { items, subitem: child.create_subitem };
}

export async function pages(ask, board) {
  const sizes = [];
  const names = [];
  let page = (
    await ask("query ($b: [ID!]) { boards(ids: $b) { items_page(limit: 3) { cursor items { name } } } }", { b: [board] })
  ).boards[0].items_page;
  for (;;) {
    sizes.push(page.items.length);
    names.push(...page.items.map((item) => item.name));
    if (!page.cursor) return { sizes, names };
    page = (
      await ask("query ($c: String!) { next_items_page(limit: 3, cursor: $c) { cursor items { name } } }", { c: page.cursor })
    ).next_items_page;
  }
}

export async function find(ask, board, column, values) {
  const found = await ask(
    `query ($b: ID!, $c: String!, $v: [String]!) { items_page_by_column_values(board_id: $b, columns: [{column_id: $c, column_values: $v}]) { items { ${LEAF} } } }`,
    { b: board, c: column, v: values },
  );
  return found.items_page_by_column_values.items;
}

export async function put_away(ask, items, done) {
  const moved = await ask(
    "mutation ($i: ID!, $g: String!) { move_item_to_group(item_id: $i, group_id: $g) { id group { id } } }",
    { i: items[1], g: done },
  );
  const archived = await ask("mutation ($i: ID!) { archive_item(item_id: $i) { id state } }", { i: items[2] });
  const deleted = await ask("mutation ($i: ID!) { delete_item(item_id: $i) { id state } }", { i: items[3] });
  return {
    moved: moved.move_item_to_group.group.id === done,
    archived: archived.archive_item.state,
    deleted: deleted.delete_item.state,
  };
}

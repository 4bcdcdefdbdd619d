// Tables that sort by any column, filter by text, and draw no more rows than are looked at.

const firstRows = 40;
const moreRows = 300;

// columns: [{label, value(row), cell(row, value)?, numeric?, start?}], where start is the direction of the first sort.
function dataTable({ id, label, columns, rows, sortedBy, search, total, noun }) {
  const state = { column: sortedBy, direction: "descending", limit: firstRows, words: "" };
  const body = make("tbody");
  const status = make("p", { class: "status", role: "status" });
  const more = make("button", { type: "button", class: "button" });
  const headers = columns.map((column, index) => {
    const button = make("button", { type: "button" }, column.label);
    button.addEventListener("click", () => {
      const first = column.start ?? (column.numeric ? "descending" : "ascending");
      const other = first === "ascending" ? "descending" : "ascending";
      state.direction = state.column === index && state.direction === first ? other : first;
      state.column = index;
      draw();
    });
    return make("th", { scope: "col", class: column.numeric ? "numeric" : "" }, button);
  });
  const table = make("table", { id }, make("caption", { class: "unseen" }, label), make("thead", {}, make("tr", {}, headers)), body);
  const region = make("div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" }, table);

  const searched = search && rows.length > 12 ? rows.map((row) => search(row).toLowerCase()) : undefined;
  const order = rows.map((_, index) => index);

  function rowOf(row) {
    const cells = columns.map((column, index) => {
      const value = column.value(row);
      const content = column.cell ? column.cell(row, value) : count(value);
      const cell = index === 0 ? make("th", { scope: "row" }, content) : make("td", {}, content);
      if (column.numeric) cell.className = "numeric";
      return cell;
    });
    return make("tr", {}, cells);
  }

  function draw(focusRow) {
    const { value } = columns[state.column];
    const sign = state.direction === "ascending" ? 1 : -1;
    const compare = (left, right) => {
      const [a, b] = [value(rows[left]), value(rows[right])];
      return a < b ? -sign : a > b ? sign : left - right;
    };
    const found = order.filter((index) => !state.words || searched[index].includes(state.words)).sort(compare);
    const drawn = found.slice(0, state.limit);
    body.replaceChildren(...drawn.map((index) => rowOf(rows[index])));
    if (found.length === 0) {
      body.append(make("tr", {}, make("td", { colspan: columns.length, class: "faint" }, state.words ? "Nothing matches the filter." : "None.")));
    }
    headers.forEach((header, index) => {
      if (index === state.column) header.setAttribute("aria-sort", state.direction);
      else header.removeAttribute("aria-sort");
    });
    const whole = state.words ? `${count(found.length)} that match, of ${counted(rows.length, ...noun)}` : counted(rows.length, ...noun);
    const unlisted = total > rows.length ? ` (the largest of ${count(total)})` : "";
    status.textContent = `Showing ${count(drawn.length)} of ${whole}${unlisted}`;
    const rest = found.length - drawn.length;
    more.hidden = rest === 0;
    more.textContent = `Show ${count(Math.min(rest, moreRows))} more`;
    if (focusRow !== undefined && body.rows[focusRow]) {
      body.rows[focusRow].tabIndex = -1;
      body.rows[focusRow].focus();
    }
  }

  more.addEventListener("click", () => {
    const drawn = state.limit;
    state.limit += moreRows;
    draw(drawn);
  });

  const tools = make("div", { class: "tools" });
  if (searched) {
    const input = make("input", { type: "search", id: `${id}-filter`, autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => {
      state.words = input.value.trim().toLowerCase();
      state.limit = firstRows;
      draw();
    });
    tools.append(make("label", { for: input.id }, "Filter"), input);
  }
  tools.append(status);
  draw();
  return make("div", { class: "data" }, tools, region, more);
}

// A size with its share of a whole behind it.
function sizeCell(value, whole) {
  return [bytes(value), bar(share(value, whole))];
}

// Objects, and the way from a root to one: what keeps it alive.

const pathHead = 4;
const pathTail = 8;

function placeOf(row) {
  if (!row.script && row.script_id === undefined) return "";
  const place = [row.line, row.column].filter((each) => each !== undefined && each !== null);
  return [row.script || `script ${row.script_id}`, ...place].join(":");
}

function stepsFromRoot(distance) {
  return distance < 0 ? "not reached from a root" : `${counted(distance, "step")} from a root`;
}

function objectName(object) {
  const parts = [make("span", { class: "name" }, shown(object.name))];
  const className = object.class_name;
  if (className && className !== object.name) parts.push(make("span", { class: "class" }, shown(className, { limit: 80 })));
  if (object.id !== undefined && object.id !== null) parts.push(make("span", { class: "id" }, `@${object.id}`));
  return parts.flatMap((part, index) => (index ? [" ", part] : [part]));
}

function stepItem(step, isLast) {
  const what = make("span", { class: "what" });
  if (step.edge) what.append(make("span", { class: "edge" }, shown(step.edge, { limit: 80 })), " ");
  what.append(...objectName(step));
  const size = make("span", { class: "size" }, bytes(step.retained_size));
  return make("li", { class: isLast ? "step last" : "step" }, what, size);
}

function pathList(path, label) {
  const items = path.map((step, index) => stepItem(step, index === path.length - 1));
  const list = make("ol", { class: "path", "aria-label": label });
  const left = path.length - pathHead - pathTail;
  if (left < 3) {
    list.append(...items);
    return list;
  }
  const button = make("button", { type: "button", class: "more" }, `${count(left)} steps between`);
  const gap = make("li", { class: "step gap" }, button);
  list.append(...items.slice(0, pathHead), gap, ...items.slice(-pathTail));
  button.addEventListener("click", () => {
    const first = items[pathHead];
    gap.replaceWith(...items.slice(pathHead, -pathTail));
    first.tabIndex = -1;
    first.focus();
  });
  return list;
}

// facts: what else there is to say of the object, beside the words to click on.
function pathDetails(path, summary, isOpen, facts = "") {
  const aside = facts ? [" ", make("span", { class: "aside" }, facts)] : [];
  if (!path || path.length === 0) return make("p", { class: "faint" }, "No path from a root was found.", ...aside);
  return make(
    "details",
    { class: "why", open: isOpen },
    make("summary", {}, `${summary} (${counted(path.length, "step")})`, ...aside),
    pathList(path, "From the root to the object"),
  );
}

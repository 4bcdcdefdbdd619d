// Objects, and the way from a root to one: what keeps it alive.

const pathHead = 4;
const pathTail = 8;

// As editors count lines and columns: from 1.
function placeOf({ script, script_id: id, line, column }) {
  if (!script && id === undefined) return "";
  const place = [line, column].filter((each) => each !== undefined).map((each) => each + 1);
  return [script || `script ${id}`, ...place].join(":");
}

// Negative where there is no way from a root. For V8's own objects it begins at 100,000,000, which says nothing to people.
function distanceOf({ distance }) {
  return distance >= 100_000_000 ? -1 : distance;
}

function stepsFromRoot(object) {
  const distance = distanceOf(object);
  return distance < 0 ? "not reached from a root" : `${counted(distance, "step")} from a root`;
}

// V8 has a name of its own for a Proxy.
function objectName(object) {
  const name = object.type === "hidden" && object.name === "system / JSProxy" ? "Proxy" : object.name;
  const parts = [make("span", { class: "name" }, shown(name))];
  const className = object.class;
  if (className && className !== name) parts.push(make("span", { class: "class" }, shown(className, { limit: 80 })));
  if (object.id !== undefined && object.id !== null) parts.push(make("span", { class: "id" }, `@${object.id}`));
  return parts.flatMap((part, index) => (index ? [" ", part] : [part]));
}

// Of a long list, steps are left out: they stand as one.
function stepsOf(path) {
  return path.flatMap((step) => {
    if (!step.omitted) return [step];
    const { id, retained_size } = step.object;
    return [step, { edge: `\u2026 ${count(step.omitted)} more steps \u2026`, object: { id, name: "", class: "", retained_size } }];
  });
}

function stepItem({ edge, object }, isLast) {
  const what = make("span", { class: "what" });
  if (edge) what.append(make("span", { class: "edge" }, shown(edge, { limit: 80 })), " ");
  what.append(...objectName(object));
  const size = make("span", { class: "size" }, bytes(object.retained_size));
  return make("li", { class: isLast ? "step last" : "step" }, what, size);
}

function pathList(steps, label) {
  const items = steps.map((step, index) => stepItem(step, index === steps.length - 1));
  const list = make("ol", { class: "path", "aria-label": label });
  const left = steps.length - pathHead - pathTail;
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
  const steps = stepsOf(path);
  if (steps.length === 0) return make("p", { class: "faint" }, "No path from a root was found.", ...aside);
  return make(
    "details",
    { class: "why", open: isOpen },
    make("summary", {}, `${summary} (${counted(steps.length, "step")})`, ...aside),
    pathList(steps, "From the root to the object"),
  );
}

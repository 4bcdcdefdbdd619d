// The dominator tree as boxes: what lies within a box would go if the box's object went.

const levels = 3;
const labelHeight = 18;
const smallestArea = 260;
const smallestSide = 4;
const hues = [255, 165, 75, 305, 25, 205, 120, 345];

function hueOf(name) {
  let hash = 7;
  for (let index = 0; index < Math.min(name.length, 64); index += 1) hash = (hash * 31 + name.charCodeAt(index)) >>> 0;
  return hues[((hash ^ (hash >>> 7)) >>> 0) % hues.length];
}

// What is drawn inside of an object: the listed ones as large as a finger tip, the object itself, and all the rest as one.
function partsOf(node, area) {
  const whole = Math.max(1, node.retained_size);
  const isVisible = (size) => (size / whole) * area >= smallestArea;
  const parts = [];
  const rest = { count: node.others_count, size: node.others_size };
  for (const child of node.children) {
    if (isVisible(child.retained_size)) {
      parts.push({ kind: "object", node: child, size: child.retained_size });
    } else {
      rest.count += 1;
      rest.size += child.retained_size;
    }
  }
  if (isVisible(node.shallow_size)) parts.push({ kind: "itself", node, size: node.shallow_size });
  if (isVisible(rest.size)) parts.push({ kind: "others", size: rest.size, count: rest.count });
  return parts.filter((part) => part.size > 0).sort((left, right) => right.size - left.size);
}

function canZoom(part) {
  return part.kind === "object" && part.node.children.length > 0;
}

function treemap(root) {
  const whole = root.retained_size;
  let trail = [root];
  let boxes = [];
  const drawn = new WeakMap();
  const crumbs = make("ol", { class: "crumbs" });
  const field = make("div", { class: "treemap", id: "treemap", role: "group" });
  const facts = make("p", { class: "facts", id: "treemap-facts" });
  const news = make("p", { class: "unseen", role: "status" });

  function titleOf(part) {
    if (part.kind === "others") return counted(part.count, "other");
    return part.kind === "itself" ? "itself" : plain(part.node.name, 80);
  }

  function nameOf(part) {
    const size = `${bytes(part.size)}, ${percent(share(part.size, whole))} of the heap`;
    if (part.kind === "others") return `${counted(part.count, "smaller object")}, not drawn: ${size}`;
    if (part.kind === "itself") return `The object itself, without what it keeps alive: ${size}`;
    const { class: className, name, children } = part.node;
    const ofClass = className && className !== name ? `, ${plain(className, 80)}` : "";
    const inside = children.length > 0 ? `, ${counted(children.length, "object")} inside` : ", nothing larger inside";
    return `${titleOf(part)}${ofClass}: ${size}${inside}`;
  }

  function showFacts(part) {
    if (!part) {
      facts.replaceChildren(make("span", { class: "faint" }, "Point at a box, or move among the boxes with the arrow keys."));
    } else if (part.kind === "object") {
      const { shallow_size: own, children } = part.node;
      const sizes = ` ${bytes(part.size)} retained (${percent(share(part.size, whole))}), ${bytes(own)} its own`;
      facts.replaceChildren(...objectName(part.node), sizes, children.length > 0 ? "" : ", nothing larger inside");
    } else {
      facts.replaceChildren(nameOf(part));
    }
  }

  // Places are parts of the field, so that a page that is printed or turned keeps its proportions.
  function put(element, box, width, height) {
    return styled(element, {
      left: `${(box.x / width) * 100}%`,
      top: `${(box.y / height) * 100}%`,
      width: `${(box.width / width) * 100}%`,
      height: `${(box.height / height) * 100}%`,
    });
  }

  function boxElement(part, box, way, level) {
    const isTop = level === 0;
    const element = make(isTop ? "div" : "span", { class: `box ${part.kind}${canZoom(part) ? " deep" : ""} level-${level}` });
    if (part.kind === "object") styled(element, { "--hue": hueOf(part.node.class || part.node.name) });
    if (isTop) {
      element.tabIndex = -1;
      element.setAttribute("role", canZoom(part) ? "button" : "img");
      element.setAttribute("aria-label", nameOf(part));
    } else {
      element.setAttribute("aria-hidden", "true");
    }
    drawn.set(element, { part, way });
    const [width, height] = [box.width - 2, box.height - 2];
    const hasLabel = width > 34 && height > 15;
    if (hasLabel) {
      const label = make("span", { class: "label" }, make("bdi", {}, titleOf(part)));
      if (width > 130) label.append(make("span", { class: "size" }, bytes(part.size)));
      element.append(label);
    }
    const inner = { width: width - 4, height: height - labelHeight - 2 };
    if (canZoom(part) && level + 1 < levels && inner.width > 24 && inner.height > 16 && hasLabel) {
      const inside = make("span", { class: "inside" });
      fill(inside, part.node, inner.width, inner.height, way, level + 1);
      element.append(inside);
    }
    return element;
  }

  function fill(parent, node, width, height, way, level) {
    const parts = partsOf(node, width * height);
    const places = squarify(parts.map((part) => part.size), width, height);
    return parts.map((part, index) => {
      const box = places[index];
      if (level > 0 && (box.width < smallestSide || box.height < smallestSide)) return undefined;
      const inner = part.kind === "object" ? [...way, part.node] : way;
      const element = put(boxElement(part, box, inner, level), box, width, height);
      parent.append(element);
      return { element, box, part };
    });
  }

  function draw(focused) {
    const node = trail[trail.length - 1];
    const [width, height] = [field.clientWidth, field.clientHeight];
    field.replaceChildren();
    boxes = width > 0 ? fill(field, node, width, height, trail, 0) : [];
    if (boxes.length === 0) field.append(make("p", { class: "faint" }, "Nothing to draw."));
    field.setAttribute("aria-label", `What ${plain(node.name, 80)} keeps alive, ${counted(boxes.length, "box", "boxes")}`);
    const chosen = boxes.find(({ part }) => focused && part.node === focused) ?? boxes[0];
    if (chosen) chosen.element.tabIndex = 0;
    crumbs.replaceChildren(...trail.map(crumb));
    return chosen;
  }

  function crumb(node, index) {
    const isLast = index === trail.length - 1;
    const name = make("bdi", {}, plain(node.name, 60));
    if (isLast) return make("li", {}, make("span", { "aria-current": "location" }, name, ` ${bytes(node.retained_size)}`));
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => zoomTo(trail.slice(0, index + 1), trail[index + 1]));
    return make("li", {}, button);
  }

  // Where the keyboard was, it stays: on the box that was left, or on the largest of those within.
  function zoomTo(way, from) {
    trail = way;
    const chosen = draw(from);
    chosen?.element.focus({ preventScroll: true });
    showFacts(chosen?.part);
    const node = trail[trail.length - 1];
    news.textContent = `Inside ${plain(node.name, 80)}: ${counted(boxes.length, "box", "boxes")}`;
  }

  function zoomOut() {
    if (trail.length > 1) zoomTo(trail.slice(0, -1), trail[trail.length - 1]);
  }

  // The nearest box whose middle lies that way; being off to the side counts double.
  function neighbour(from, key) {
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const [x, y] = middle(from.box);
    let best;
    let least = Infinity;
    for (const candidate of boxes) {
      const [otherX, otherY] = middle(candidate.box);
      const [right, down] = [otherX - x, otherY - y];
      const ahead = { ArrowRight: right, ArrowLeft: -right, ArrowDown: down, ArrowUp: -down }[key];
      const aside = key === "ArrowRight" || key === "ArrowLeft" ? Math.abs(down) : Math.abs(right);
      const distance = ahead + 2 * aside;
      if (ahead > 1 && distance < least) [best, least] = [candidate, distance];
    }
    return best;
  }

  function move(to) {
    if (!to) return;
    for (const { element } of boxes) element.tabIndex = -1;
    to.element.tabIndex = 0;
    to.element.focus({ preventScroll: true });
  }

  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const current = boxes.find(({ element }) => element === event.target);
    if (!current) return;
    const actions = {
      Enter: () => canZoom(current.part) && zoomTo([...trail, current.part.node]),
      " ": () => canZoom(current.part) && zoomTo([...trail, current.part.node]),
      Escape: zoomOut,
      Backspace: zoomOut,
      Home: () => move(boxes[0]),
      End: () => move(boxes[boxes.length - 1]),
    };
    const action = event.key.startsWith("Arrow") ? () => move(neighbour(current, event.key)) : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const under = (event) => drawn.get(event.target.closest(".box"));
  field.addEventListener("click", (event) => {
    const found = under(event);
    if (found && canZoom(found.part)) zoomTo(found.way);
  });
  field.addEventListener("pointerover", (event) => showFacts(under(event)?.part));
  field.addEventListener("pointerleave", () => showFacts());
  field.addEventListener("focusin", (event) => showFacts(under(event)?.part));

  // Boxes that are drawn anew lose the focus: it goes to the new one of the same object.
  let size = "";
  let isRedrawn = false;
  let hasFocus = false;
  field.addEventListener("focusin", () => (hasFocus = true));
  field.addEventListener("focusout", () => (hasFocus = isRedrawn && hasFocus));
  new ResizeObserver(() => {
    const now = `${field.clientWidth} ${field.clientHeight}`;
    if (now === size) return;
    size = now;
    isRedrawn = true;
    const chosen = draw(boxes.find(({ element }) => element.tabIndex === 0)?.part.node);
    if (hasFocus) chosen?.element.focus({ preventScroll: true });
    isRedrawn = false;
  }).observe(field);
  showFacts();
  return [make("nav", { "aria-label": "Where the treemap is" }, crumbs), field, facts, news];
}

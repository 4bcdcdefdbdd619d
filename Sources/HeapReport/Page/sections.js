// One function for each section of the report; none where there is nothing to show.

function section(id, title, ...content) {
  const heading = `${id}-title`;
  return make("section", { id, "aria-labelledby": heading }, make("h2", { id: heading }, title), content);
}

function lead(text) {
  return make("p", { class: "lead" }, text);
}

function suspectsSection({ suspects, total_size: total }) {
  if (suspects.length === 0) {
    return section("suspects", "Leak suspects", lead("No object, and no class, holds a conspicuous part of this heap."));
  }
  const cards = suspects.map((suspect, index) => {
    const part = suspect.share ?? share(suspect.retained_size, total);
    const facts = make(
      "p",
      { class: "numbers" },
      make("strong", {}, bytes(suspect.retained_size)),
      ` retained, ${percent(part)} of the heap, by ${counted(suspect.count, "object")} of `,
      make("span", { class: "name" }, shown(suspect.class, { limit: 80 })),
    );
    const card = make(
      "li",
      { class: "suspect" },
      make("p", { class: "sentence" }, shown(suspect.sentence, { limit: 400 })),
      bar(part, "strong"),
      facts,
    );
    const { holder } = suspect;
    if (holder) {
      const sizes = `, ${bytes(holder.retained_size)} retained, ${bytes(holder.shallow_size)} its own, ${stepsFromRoot(holder)}`;
      card.append(make("p", { class: "held" }, "They pile up in ", ...objectName(holder), sizes));
    }
    if (suspect.classes.length > 1) {
      card.append(make("p", { class: "held" }, "It consists of ", ...consistsOf(suspect)));
    }
    card.append(pathDetails(suspect.path, "What keeps it alive", index < 2));
    return card;
  });
  return section("suspects", "Leak suspects", make("ol", { class: "suspects" }, cards));
}

// Classes with their counts and their own sizes, the largest first.
function consistsOf({ classes, class_count: classCount }) {
  const parts = classes.flatMap(({ class: name, count: objects, shallow_size: size }, index) => [
    index > 0 ? ", " : "",
    `${count(objects)} `,
    make("span", { class: "name" }, shown(name, { limit: 60 })),
    ` (${bytes(size)})`,
  ]);
  const more = classCount - classes.length;
  return more > 0 ? [...parts, ` and ${counted(more, "more class", "more classes")}`] : parts;
}

function manySection({ also_many: many, array_buffers_sentence: buffers }) {
  const sentences = [...many.map(({ sentence }) => sentence), ...(buffers ? [buffers] : [])];
  if (sentences.length === 0) return undefined;
  const items = sentences.map((sentence) => make("li", {}, shown(sentence, { limit: 400 })));
  return section("many", "Also many", lead("However little of the heap they hold."), make("ul", { class: "notes" }, items));
}

const statisticNames = [
  ["strings_size", "Strings"],
  ["other_js_objects_size", "Other JavaScript objects"],
  ["js_arrays_size", "JavaScript arrays"],
  ["typed_arrays_size", "Typed arrays and buffers"],
  ["code_size", "Code"],
  ["system_size", "V8's own data"],
  ["other_native_size", "Other native memory"],
];

function totalsSection({ statistics }) {
  const total = statistics.total_size;
  const parts = statisticNames.map(([key, name]) => ({ name, size: statistics[key] }));
  parts.sort((left, right) => right.size - left.size);
  const rows = parts.map(({ name, size }) =>
    make(
      "li",
      {},
      make("span", { class: "part" }, name),
      make("span", { class: "size" }, bytes(size)),
      make("span", { class: "share" }, percent(share(size, total))),
      bar(share(size, total)),
    ),
  );
  return section("totals", "What the heap consists of", make("ul", { class: "totals" }, rows));
}

function biggestSection({ biggest_objects: objects, total_size: total }) {
  if (objects.length === 0) return undefined;
  const items = objects.map(({ object, path }) => {
    const head = make(
      "p",
      { class: "object" },
      make("span", { class: "what" }, ...objectName(object)),
      make("span", { class: "size" }, bytes(object.retained_size)),
      make("span", { class: "share" }, percent(share(object.retained_size, total))),
      bar(share(object.retained_size, total)),
    );
    const own = `${bytes(object.shallow_size)} its own, ${stepsFromRoot(object)}`;
    return make("li", {}, head, pathDetails(path, "What keeps it alive", false, own));
  });
  return section("objects", "Biggest objects", make("ol", { class: "objects" }, items));
}

function treemapSection({ treemap: root }) {
  const text =
    "Each box is an object, as large as what it keeps alive; equal colours are equal classes. Click on a box or press Enter to go in; Escape, or the path above the boxes, leads back.";
  return section("map", "What keeps what alive", lead(text), ...treemap(root));
}

function notesSection({ notes }) {
  if (notes.length === 0) return undefined;
  return section("notes", "Notes", make("ul", { class: "notes" }, notes.map((note) => make("li", {}, shown(note, { limit: 1000 })))));
}

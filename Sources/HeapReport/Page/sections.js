// One function for each section of the report: its title, its name in the contents, and what it shows.

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
      ` retained, ${percent(part)} of the heap, by ${counted(suspect.object_count, "object")} of `,
      make("span", { class: "name" }, shown(suspect.class_name, { limit: 80 })),
    );
    const card = make(
      "li",
      { class: "suspect" },
      make("p", { class: "sentence" }, shown(suspect.sentence, { limit: 400 })),
      bar(part, "strong"),
      facts,
    );
    if (suspect.accumulator) {
      const { accumulator } = suspect;
      const sizes = `, ${bytes(accumulator.retained_size)} retained, ${bytes(accumulator.shallow_size)} its own, ${stepsFromRoot(accumulator.distance)}`;
      card.append(make("p", { class: "held" }, "They pile up in ", ...objectName(accumulator), sizes));
    }
    card.append(pathDetails(suspect.path, "What keeps it alive", index < 2));
    return card;
  });
  return section("suspects", "Leak suspects", make("ol", { class: "suspects" }, cards));
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

function classCell(row) {
  const place = placeOf(row);
  const parts = [make("span", { class: "name" }, shown(row.name, { limit: 120 }))];
  if (place) parts.push(make("span", { class: "place" }, shown(place, { limit: 120 })));
  return parts;
}

function classesSection(data) {
  const total = data.total_size;
  const columns = [
    { label: "Class", value: (row) => row.name, cell: classCell },
    { label: "Retained", numeric: true, value: (row) => row.retained_size, cell: (_, value) => sizeCell(value, total) },
    { label: "Share", numeric: true, value: (row) => row.retained_size, cell: (_, value) => percent(share(value, total)) },
    { label: "Own size", numeric: true, value: (row) => row.shallow_size, cell: (_, value) => bytes(value) },
    { label: "Objects", numeric: true, value: (row) => row.count },
    { label: "Distance", numeric: true, start: "ascending", value: (row) => row.distance, cell: (_, value) => (value < 0 ? "none" : count(value)) },
  ];
  const table = dataTable({
    id: "class-table", label: "Classes", columns, rows: data.classes, sortedBy: 1, total: data.class_count,
    search: (row) => `${row.name} ${placeOf(row)}`, noun: ["class", "classes"],
  });
  const text = "Retained is what would be freed if all objects of a class went. Distance is the number of steps from a root.";
  return section("classes", "Classes", lead(text), table);
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
    const own = `${bytes(object.shallow_size)} its own, ${stepsFromRoot(object.distance)}`;
    return make("li", {}, head, pathDetails(path, "What keeps it alive", false, own));
  });
  return section("objects", "Biggest objects", make("ol", { class: "objects" }, items));
}

function treemapSection({ treemap: root }) {
  const text =
    "Each box is an object, as large as what it keeps alive; equal colours are equal classes. Click on a box or press Enter to go in; Escape, or the path above the boxes, leads back.";
  return section("map", "What keeps what alive", lead(text), ...treemap(root));
}

function stringsSection({ duplicate_strings: strings, duplicate_strings_wasted_size: wasted, total_size: total }) {
  if (strings.length === 0) return undefined;
  const columns = [
    {
      label: "String",
      value: (row) => row.value,
      cell: (row, value) => [
        make("span", { class: "name" }, shown(value, { limit: 140, quoted: true })),
        row.is_cut ? make("span", { class: "place" }, "cut here, the string is longer") : undefined,
      ].filter(Boolean),
    },
    { label: "Wasted", numeric: true, value: (row) => row.wasted_size, cell: (_, value) => sizeCell(value, wasted) },
    { label: "Copies", numeric: true, value: (row) => row.count },
    { label: "All copies", numeric: true, value: (row) => row.size, cell: (_, value) => bytes(value) },
  ];
  const table = dataTable({
    id: "string-table", label: "Duplicated strings", columns, rows: strings, sortedBy: 1,
    search: (row) => row.value, noun: ["string"],
  });
  const text = `Strings that are there more than once cost ${bytes(wasted)} more than one copy of each would, ${percent(share(wasted, total))} of the heap.`;
  return section("strings", "Duplicated strings", lead(text), table);
}

function detachedSection({ detached }) {
  const scopes = (id, label, rows, noun) => {
    if (rows.length === 0) return [];
    const columns = [
      {
        label: "Function",
        value: (row) => row.function,
        cell: (row) => classCell({ name: row.function, script: row.location }),
      },
      { label: "Retained", numeric: true, value: (row) => row.retained_size, cell: (_, value) => bytes(value) },
      { label: "Count", numeric: true, value: (row) => row.count },
    ];
    const table = dataTable({
      id, label, columns, rows, sortedBy: 1, search: (row) => `${row.function} ${row.location ?? ""}`, noun,
    });
    return [make("div", {}, make("h3", {}, label), table)];
  };
  const others = (rows) => {
    if (rows.length === 0) return [];
    const columns = [
      { label: "Object", value: (row) => row.name, cell: classCell },
      { label: "Retained", numeric: true, value: (row) => row.retained_size, cell: (_, value) => bytes(value) },
      { label: "Count", numeric: true, value: (row) => row.count },
    ];
    const table = dataTable({
      id: "detached-table", label: "Other detached objects", columns, rows, sortedBy: 1, search: (row) => row.name, noun: ["object"],
    });
    return [make("div", {}, make("h3", {}, "Other detached objects"), table)];
  };
  const parts = [
    ...scopes("context-table", "Contexts of functions that have returned", detached.contexts, ["function"]),
    ...scopes("closure-table", "Closures", detached.closures, ["function"]),
    ...others(detached.other),
  ];
  if (parts.length === 0) return undefined;
  return section("detached", "Kept by closures, or detached", make("div", { class: "columns" }, parts));
}

function growthSection({ growth }) {
  if (!growth) return undefined;
  const difference = growth.total_size - growth.base_total_size;
  const text = make(
    "p",
    { class: "lead" },
    "Against ",
    make("span", { class: "name" }, shown(growth.base_file)),
    `: ${bytes(growth.base_total_size)} then, ${bytes(growth.total_size)} now, `,
    make("strong", {}, signed(difference, bytes)),
    ` (${signed(share(difference, growth.base_total_size), percent)}).`,
  );
  const largest = Math.max(1, ...growth.classes.map((row) => Math.abs(row.retained_delta)));
  const change = (value) => make("span", { class: value > 0 ? "grown" : value < 0 ? "shrunk" : "faint" }, signed(value, bytes));
  const columns = [
    { label: "Class", value: (row) => row.name, cell: classCell },
    {
      label: "Retained", numeric: true, value: (row) => row.retained_delta,
      cell: (_, value) => [change(value), bar(Math.abs(value) / largest, value > 0 ? "grown" : "shrunk")],
    },
    { label: "Own size", numeric: true, value: (row) => row.size_delta, cell: (_, value) => signed(value, bytes) },
    { label: "Objects", numeric: true, value: (row) => row.count_delta, cell: (_, value) => signed(value, count) },
    { label: "New", numeric: true, value: (row) => row.added_count },
    { label: "Gone", numeric: true, value: (row) => row.removed_count },
    { label: "New bytes", numeric: true, value: (row) => row.added_size, cell: (_, value) => bytes(value) },
    { label: "Gone bytes", numeric: true, value: (row) => row.removed_size, cell: (_, value) => bytes(value) },
  ];
  const table = dataTable({
    id: "growth-table", label: "Growth by class", columns, rows: growth.classes, sortedBy: 1,
    search: (row) => `${row.name} ${placeOf(row)}`, noun: ["class", "classes"],
  });
  const paths = (growth.path_of ?? []).map(({ class_name: name, path }) => {
    const title = make("h4", { class: "name" }, shown(name, { limit: 120 }));
    return make("li", {}, title, pathDetails(path, "What keeps the new ones alive", false));
  });
  const why = paths.length > 0 ? [make("h3", {}, "Why they stay"), make("ul", { class: "objects" }, paths)] : [];
  return section("growth", "Growth", text, table, ...why);
}

function notesSection({ notes }) {
  if (notes.length === 0) return undefined;
  return section("notes", "Notes", make("ul", { class: "notes" }, notes.map((note) => make("li", {}, shown(note, { limit: 1000 })))));
}

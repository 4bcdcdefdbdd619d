// The sections that are tables.

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
    { label: "Distance", numeric: true, start: "ascending", value: distanceOf, cell: (_, value) => (value < 0 ? "none" : count(value)) },
  ];
  const table = dataTable({
    id: "class-table", label: "Classes", columns, rows: data.classes, sortedBy: 1, total: data.class_count,
    search: (row) => `${row.name} ${placeOf(row)}`, noun: ["class", "classes"],
  });
  const text = "Retained is what would be freed if all objects of a class went. Distance is the number of steps from a root.";
  return section("classes", "Classes", lead(text), table);
}

function growthSection({ growth }) {
  if (!growth) return undefined;
  const difference = growth.total_size - growth.base_total_size;
  const text = make(
    "p",
    { class: "lead" },
    "Against ",
    make("span", { class: "name" }, shown(growth.base_file)),
    growth.base_changed ? `, last changed on ${moment(growth.base_changed)}` : "",
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
  ];
  if (growth.ids_match) {
    columns.push(
      { label: "New", numeric: true, value: (row) => row.added_count },
      { label: "Gone", numeric: true, value: (row) => row.removed_count },
      { label: "New bytes", numeric: true, value: (row) => row.added_size, cell: (_, value) => bytes(value) },
      { label: "Gone bytes", numeric: true, value: (row) => row.removed_size, cell: (_, value) => bytes(value) },
    );
  }
  const table = dataTable({
    id: "growth-table", label: "Growth by class", columns, rows: growth.classes, sortedBy: 1,
    search: (row) => `${row.name} ${placeOf(row)}`, noun: ["class", "classes"],
  });
  const paths = growth.grown.map(({ class: name, path }) => {
    const title = make("h4", { class: "name" }, shown(name, { limit: 120 }));
    return make("li", {}, title, pathDetails(path, "What holds them", false));
  });
  const why = paths.length > 0 ? [make("h3", {}, "Why they stay"), make("ul", { class: "objects" }, paths)] : [];
  return section("growth", "Growth", text, table, ...why);
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

function detachedSection({ contexts, closures, detached }) {
  const listing = (id, title, first, rows, noun) => {
    if (rows.length === 0) return [];
    const columns = [
      { label: first, value: (row) => row.name, cell: classCell },
      { label: "Retained", numeric: true, value: (row) => row.retained_size, cell: (_, value) => bytes(value) },
      { label: "Count", numeric: true, value: (row) => row.count },
    ];
    const search = (row) => `${row.name} ${placeOf(row)}`;
    const table = dataTable({ id, label: title, columns, rows, sortedBy: 1, search, noun: [noun] });
    return [make("div", {}, make("h3", {}, title), table)];
  };
  // The outermost variables of a module are its script's, and no function's.
  const functionOf = (row) => (row.script && row.script_id === undefined ? "(variables of the module)" : row.function);
  const named = (rows) => rows.map((row) => ({ ...row, name: functionOf(row) }));
  const parts = [
    ...listing("context-table", "Contexts", "Function", named(contexts), "function"),
    ...listing("closure-table", "Closures", "Function", named(closures), "function"),
    ...listing("detached-table", "Other detached objects", "Object", detached, "object"),
  ];
  if (parts.length === 0) return undefined;
  const text = "A context holds the variables of a function for the closures made in it: as long as one of these lives, so does all that the context refers to.";
  return section("detached", "Closures, contexts and detached objects", lead(text), make("div", { class: "columns" }, parts));
}

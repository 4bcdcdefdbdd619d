// Reads the data of the page, and draws it.

// For whoever gets the page from somebody else: whose heap it is, what not to do with it, and what not to rely on.
function aboutLines({ origin, growth }) {
  const program = [];
  if (origin.script) program.push("Program: ", make("span", { class: "name" }, shown(origin.script)));
  if (origin.runtime) program.push(program.length > 0 ? ", " : "Program: ", shown(origin.runtime, { limit: 80 }));
  if (program.length > 0) program.push(". ");
  if (origin.changed) program.push(`Snapshot file last changed on ${moment(origin.changed)}.`);
  const secrets = [
    make("strong", {}, "This page holds names and strings of the process"),
    ", which may be secrets: do not publish it.",
  ];
  const ids = [
    "Object ids (@) do not match those of ",
    make("span", { class: "name" }, shown(growth?.base_file ?? "", { limit: 80 })),
    ", so new objects cannot be told from old ones.",
  ];
  const lines = [program, secrets, growth && !growth.ids_match ? ids : []];
  return lines.filter((line) => line.length > 0).map((line) => make("li", {}, line));
}

function drawHeader(data) {
  const facts = [
    ["Heap", bytes(data.total_size), "main"],
    ["Objects", count(data.nodes)],
    ["References", count(data.edges)],
    ["Strings", count(data.strings)],
    ["Classes", count(data.class_count)],
    ["File", bytes(data.bytes)],
  ];
  const list = facts.map(([name, value, kind]) => make("div", { class: kind }, make("dt", {}, name), make("dd", {}, value)));
  const made = data.created ? ` on ${moment(data.created)}` : "";
  document.getElementById("top").append(
    make("p", { class: "kind" }, "Heap report"),
    make("h1", {}, shown(data.file, { limit: 200 })),
    make("dl", {}, list),
    make("ul", { class: "about" }, aboutLines(data)),
    make("p", { class: "made" }, `Made by heapdump ${plain(data.heapdump_version)}${made}.`),
  );
  document.title = `${plain(data.file, 80)}: heap report`;
}

const contents = [
  [suspectsSection, "Suspects"],
  [manySection, "Many"],
  [totalsSection, "Totals"],
  [growthSection, "Growth"],
  [treemapSection, "Treemap"],
  [classesSection, "Classes"],
  [biggestSection, "Objects"],
  [stringsSection, "Strings"],
  [detachedSection, "Detached"],
  [notesSection, "Notes"],
];

function drawReport(data) {
  drawHeader(data);
  const drawn = contents.map(([draw, name]) => [draw(data), name]).filter(([element]) => element);
  const links = drawn.map(([element, name]) => make("li", {}, make("a", { href: `#${element.id}` }, name)));
  document.getElementById("contents").append(make("ul", {}, links));
  document.getElementById("main").append(...drawn.map(([element]) => element));
}

// Paper has no clicks: all paths are printed.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of opened) each.open = false;
});

const { summary, ...others } = JSON.parse(document.getElementById("data").textContent);
drawReport({ ...summary, ...others });

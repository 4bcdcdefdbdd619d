// Bruls, Huizing and van Wijk, Squarified Treemaps (2000): boxes as near to squares as can be, the largest first.

// values: from large to small. Returns {x, y, width, height} for each.
function squarify(values, width, height) {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0) || width <= 0 || height <= 0) return values.map(() => ({ x: 0, y: 0, width: 0, height: 0 }));
  const areas = values.map((value) => (value * width * height) / total);
  const boxes = [];
  let free = { x: 0, y: 0, width, height };
  let start = 0;
  while (start < areas.length) {
    const side = Math.min(free.width, free.height);
    let end = start + 1;
    let sum = areas[start];
    while (end < areas.length && worst(areas, start, end + 1, sum + areas[end], side) <= worst(areas, start, end, sum, side)) {
      sum += areas[end];
      end += 1;
    }
    free = place(areas.slice(start, end), sum, free, boxes);
    start = end;
  }
  return boxes;
}

// The most oblong box of a row. The first of it is the largest, and the last the smallest.
function worst(areas, start, end, sum, side) {
  if (side <= 0 || areas[end - 1] <= 0) return Infinity;
  const scale = (side * side) / (sum * sum);
  return Math.max(areas[start] * scale, 1 / (areas[end - 1] * scale));
}

// Puts a row along the shorter side, and returns what is left free.
function place(row, sum, free, boxes) {
  const isColumn = free.width >= free.height;
  const side = isColumn ? free.height : free.width;
  const depth = side > 0 ? sum / side : 0;
  let along = 0;
  for (const area of row) {
    const length = depth > 0 ? area / depth : 0;
    boxes.push(
      isColumn
        ? { x: free.x, y: free.y + along, width: depth, height: length }
        : { x: free.x + along, y: free.y, width: length, height: depth },
    );
    along += length;
  }
  return isColumn
    ? { x: free.x + depth, y: free.y, width: free.width - depth, height: free.height }
    : { x: free.x, y: free.y + depth, width: free.width, height: free.height - depth };
}

const hits = {};

exports.hit = (url) => {
  hits[url] = (hits[url] || 0) + 1;
};

'use strict';
// NODE_HEAPDUMP_OPTIONS: words with commas between them, of which the last one counts.

exports.signalIsOn = (text = '') => {
  let isOn = true;
  for (const option of text.trim().split(/\s*,\s*/)) {
    if (option === 'signal') isOn = true;
    else if (option === 'nosignal') isOn = false;
    else if (option !== '') console.error('node-heapdump: unrecognized option:', option);
  }
  return isOn;
};

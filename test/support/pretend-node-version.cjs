/** Read by `node --require`: the process takes itself for the Node that PRETENDED_NODE names. */
const node = process.env.PRETENDED_NODE;
if (node) Object.defineProperty(process, 'versions', { value: { ...process.versions, node } });

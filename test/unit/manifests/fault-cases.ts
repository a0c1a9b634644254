/** What is expected of `test/fixtures/manifests/<name>.fault.yaml`: the line and the reason of the fault. */
export const faultCases: Readonly<Record<string, readonly [line: number, reason: string]>> = {
  'behind-a-map-key': [1, "The marker marks a map: move it to the end of the version's line"],
  'behind-a-list-key': [1, "The marker marks a list: move it to the end of the version's line"],
  'behind-a-list-key-without-indent': [
    1,
    "The marker marks a list: move it to the end of the version's line",
  ],
  'behind-a-dash-of-a-map': [1, "The marker marks a map: move it to the end of the version's line"],
  'behind-a-flow-map': [2, "The marker marks a map: move it to the end of the version's line"],
  'behind-a-flow-list': [1, "The marker marks a list: move it to the end of the version's line"],
  'behind-an-opening-brace': [1, "The marker marks a map: move it to the end of the version's line"],
  'behind-a-json-patch-in-flow-style': [
    1,
    "The marker marks a map: move it to the end of the version's line",
  ],
  'behind-an-explicit-key': [1, "The marker marks a key: move it to the end of the version's line"],
  'behind-a-flow-key-without-value': [2, "The marker marks a key: move it to the end of the version's line"],
  'behind-a-block-scalar-header': [
    1,
    "The marker marks a block scalar: move it to the end of the version's line",
  ],
  'above-a-block-scalar': [1, "The marker marks a block scalar: move it to the end of the version's line"],
  'behind-an-alias': [
    2,
    "The marker marks an alias, which has its value elsewhere: move it to the end of the version's line",
  ],
  'above-an-alias': [
    2,
    "The marker marks an alias, which has its value elsewhere: move it to the end of the version's line",
  ],
  'above-a-map': [1, "The marker marks a map: move it to the end of the version's line"],
  'above-a-list': [2, "The marker marks a list: move it to the end of the version's line"],
  'above-a-list-item-that-is-a-map': [2, "The marker marks a map: move it to the end of the version's line"],
  'above-a-flow-map': [1, "The marker marks a map: move it to the end of the version's line"],
  'above-a-closing-brace': [3, "The marker marks no value: move it to the end of the version's line"],
  'above-a-document-start': [1, "The marker marks a map: move it to the end of the version's line"],
  'above-a-blank-line': [1, "The marker marks no value: move it to the end of the version's line"],
  'above-a-blank-line-crlf': [1, "The marker marks no value: move it to the end of the version's line"],
  'below-the-last-value': [4, "The marker marks no value: move it to the end of the version's line"],
  'below-everything': [2, "The marker marks no value: move it to the end of the version's line"],
  'below-a-document': [3, "The marker marks no value: move it to the end of the version's line"],
  'alone-in-a-file': [1, "The marker marks no value: move it to the end of the version's line"],
  'behind-an-empty-document-start': [
    1,
    "The marker marks no value: move it to the end of the version's line",
  ],
  'one-good-and-one-bad': [2, "The marker marks a map: move it to the end of the version's line"],
  'float-tag': [1, 'The marked value has the tag !!float, but a version is a string: remove the tag'],
  'custom-tag-on-an-empty-value': [
    1,
    'The marked value has the tag !secret, but a version is a string: remove the tag',
  ],
  'json-without-end': [
    1,
    'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-with-text-behind': [
    1,
    'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-in-single-quotes': [
    2,
    'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-with-a-list': [
    1,
    'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'two-setters-in-one-comment': [
    1,
    'The marker is invalid: its comment must contain only {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'helm-template': [
    4,
    'The document with the marker of line 6 cannot be parsed as YAML (Block collections are not allowed within flow collections): fix it, or mark the version in a file that is not a template',
  ],
  'helm-template-value': [1, "The marker marks a map: move it to the end of the version's line"],
  'unclosed-quote-swallows-the-marker': [
    1,
    'The document with the marker of line 2 cannot be parsed as YAML (Missing closing "quote): fix it, or mark the version in a file that is not a template',
  ],
  'bad-indentation': [
    2,
    'The document with the marker of line 3 cannot be parsed as YAML (Nested mappings are not allowed in compact mappings): fix it, or mark the version in a file that is not a template',
  ],
  'tab-as-indentation': [
    2,
    'The document with the marker of line 2 cannot be parsed as YAML (Tabs are not allowed as indentation): fix it, or mark the version in a file that is not a template',
  ],
  'broken-second-document': [
    4,
    'The document with the marker of line 4 cannot be parsed as YAML (Flow sequence in block collection must be sufficiently indented and end with a ]): fix it, or mark the version in a file that is not a template',
  ],
  'missing-colon': [
    1,
    'The document with the marker of line 2 cannot be parsed as YAML (Implicit keys need to be on a single line): fix it, or mark the version in a file that is not a template',
  ],
  'merge-conflict': [
    1,
    'The document with the marker of line 2 cannot be parsed as YAML (Implicit keys need to be on a single line): fix it, or mark the version in a file that is not a template',
  ],
  'not-json-nor-yaml': [
    1,
    'The document with the marker of line 2 cannot be parsed as YAML (Unexpected flow-map-end token in YAML document): fix it, or mark the version in a file that is not a template',
  ],
};

/** What is expected of `test/fixtures/manifests/<name>.fault.yaml`: the line and the reason of the fault. */
export const faultCases: Readonly<Record<string, readonly [line: number, reason: string]>> = {
  'behind-a-map-key': [1, 'The marker stands at a map: put it behind the version itself, on the same line'],
  'behind-a-list-key': [1, 'The marker stands at a list: put it behind the version itself, on the same line'],
  'behind-a-list-key-without-indent': [
    1,
    'The marker stands at a list: put it behind the version itself, on the same line',
  ],
  'behind-a-dash-of-a-map': [
    1,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'behind-a-flow-map': [2, 'The marker stands at a map: put it behind the version itself, on the same line'],
  'behind-a-flow-list': [
    1,
    'The marker stands at a list: put it behind the version itself, on the same line',
  ],
  'behind-an-opening-brace': [
    1,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'behind-a-json-patch-in-flow-style': [
    1,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'behind-an-explicit-key': [
    1,
    'The marker stands at a key: put it behind the version itself, on the same line',
  ],
  'behind-a-flow-key-without-value': [
    2,
    'The marker stands at a key: put it behind the version itself, on the same line',
  ],
  'behind-a-block-scalar-header': [
    1,
    'The marker stands at a block scalar: put it behind the version itself, on the same line',
  ],
  'above-a-block-scalar': [
    1,
    'The marker stands at a block scalar: put it behind the version itself, on the same line',
  ],
  'behind-an-alias': [
    2,
    'The marker stands at an alias, whose version is written elsewhere: put it behind the version itself, on the same line',
  ],
  'above-an-alias': [
    2,
    'The marker stands at an alias, whose version is written elsewhere: put it behind the version itself, on the same line',
  ],
  'above-a-map': [1, 'The marker stands at a map: put it behind the version itself, on the same line'],
  'above-a-list': [2, 'The marker stands at a list: put it behind the version itself, on the same line'],
  'above-a-list-item-that-is-a-map': [
    2,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'above-a-flow-map': [1, 'The marker stands at a map: put it behind the version itself, on the same line'],
  'above-a-closing-brace': [
    3,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'above-a-document-start': [
    1,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'above-a-blank-line': [
    1,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'above-a-blank-line-crlf': [
    1,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'below-the-last-value': [
    4,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'below-everything': [
    2,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'below-a-document': [
    3,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'alone-in-a-file': [1, 'The marker stands at no value: put it behind the version itself, on the same line'],
  'behind-an-empty-document-start': [
    1,
    'The marker stands at no value: put it behind the version itself, on the same line',
  ],
  'one-good-and-one-bad': [
    2,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'float-tag': [1, 'The marked value has the tag !!float, but a version is a string: remove the tag'],
  'custom-tag-on-an-empty-value': [
    1,
    'The marked value has the tag !secret, but a version is a string: remove the tag',
  ],
  'json-without-end': [
    1,
    'The marker is not understood: its comment must be nothing but {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-with-text-behind': [
    1,
    'The marker is not understood: its comment must be nothing but {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-in-single-quotes': [
    2,
    'The marker is not understood: its comment must be nothing but {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'json-with-a-list': [
    1,
    'The marker is not understood: its comment must be nothing but {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'two-setters-in-one-comment': [
    1,
    'The marker is not understood: its comment must be nothing but {"$promotion": "<namespace>:<pipeline>:<environment>"}',
  ],
  'helm-template': [
    4,
    'The document with the marker of line 6 cannot be read as YAML (Block collections are not allowed within flow collections): mend it, or mark the version in a file that is no template',
  ],
  'helm-template-value': [
    1,
    'The marker stands at a map: put it behind the version itself, on the same line',
  ],
  'unclosed-quote-swallows-the-marker': [
    1,
    'The document with the marker of line 2 cannot be read as YAML (Missing closing "quote): mend it, or mark the version in a file that is no template',
  ],
  'bad-indentation': [
    2,
    'The document with the marker of line 3 cannot be read as YAML (Nested mappings are not allowed in compact mappings): mend it, or mark the version in a file that is no template',
  ],
  'tab-as-indentation': [
    2,
    'The document with the marker of line 2 cannot be read as YAML (Tabs are not allowed as indentation): mend it, or mark the version in a file that is no template',
  ],
  'broken-second-document': [
    4,
    'The document with the marker of line 4 cannot be read as YAML (Flow sequence in block collection must be sufficiently indented and end with a ]): mend it, or mark the version in a file that is no template',
  ],
  'missing-colon': [
    1,
    'The document with the marker of line 2 cannot be read as YAML (Implicit keys need to be on a single line): mend it, or mark the version in a file that is no template',
  ],
  'merge-conflict': [
    1,
    'The document with the marker of line 2 cannot be read as YAML (Implicit keys need to be on a single line): mend it, or mark the version in a file that is no template',
  ],
  'not-json-nor-yaml': [
    1,
    'The document with the marker of line 2 cannot be read as YAML (Unexpected flow-map-end token in YAML document): mend it, or mark the version in a file that is no template',
  ],
};

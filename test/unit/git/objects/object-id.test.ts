import { hashObject } from '../../../../src/git/objects/object-id';

const blob = 'ce013625030ba8dba906f756967f9e9ca394464a';

describe('an object id', () => {
  test('is the one that git gives: "hello" and the empty tree', () => {
    expect(hashObject('blob', Buffer.from('hello\n'), blob).id).toBe(blob);
    expect(hashObject('tree', Buffer.alloc(0), blob).id).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  });

  test('follows the hash of the repository', () => {
    expect(hashObject('tree', Buffer.alloc(0), 'ab'.repeat(32)).id).toBe(
      '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
    );
  });
});

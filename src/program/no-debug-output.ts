/**
 * Must be the first import. If `DEBUG` is set, simple-git writes the environment of git, including credentials, to
 * standard error; it reads the variable when it is loaded.
 */
delete process.env['DEBUG'];

/**
 * Imported first. simple-git traces to standard error what `DEBUG` names, the environment of git and so the credentials
 * included; it reads the variable when it is loaded.
 */
delete process.env['DEBUG'];

const { writeFileSync } = require('node:fs');

/** Writes a run's counts as JSON to the file that WINDLASS_TEST_RESULTS names, for `.ci/run` to add up. */
module.exports = class ResultsFileReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.WINDLASS_TEST_RESULTS;
    if (!file) return;
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = results;
    // A file of tests that can't even be loaded is a failure too.
    writeFileSync(
      file,
      JSON.stringify({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }),
    );
  }
};

// Mocha's own spec report, closed by one plain line of counts for continuous integration to read.
const { reporters, Runner } = require("mocha");

module.exports = class CountingSpec extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        runner.once(Runner.constants.EVENT_RUN_END, () => {
            const { passes, failures, pending } = this.stats;
            process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
        });
    }
};

import type { Child, Children, Program } from "../process/children";

/** One program of a control plane. A drill can end it, freeze it and start it again. */
export class Component {
    #child: Child | undefined;

    /**
     * @param ready resolves once the program does its work after a start.
     * @param ended called when the program ended in order by itself.
     */
    constructor(
        readonly name: string,
        private readonly children: Children,
        private readonly program: Program,
        private readonly ready: (component: Component) => Promise<void> = () => Promise.resolve(),
        private readonly ended: (component: Component) => void = () => undefined,
    ) {}

    /** Process id while it runs. */
    get pid(): number | undefined {
        return this.#child?.running === true ? this.#child.pid : undefined;
    }

    get running(): boolean {
        return this.pid !== undefined;
    }

    /** What it printed since it was last started. */
    printed(): string {
        return this.#child?.printed() ?? "";
    }

    /** Starts it where it does not run. Resolves when it does its work. */
    async start(): Promise<void> {
        if (!this.running) {
            const child = await this.children.start(this.program);
            this.#child = child;
            void child.exited.then(() => {
                if (child.endedInOrder) {
                    this.ended(this);
                }
            });
        }
        await this.ready(this);
    }

    /** Ends it as a crash would. It stays down until `start`. */
    async kill(): Promise<void> {
        await this.#child?.kill();
    }

    async restart(): Promise<void> {
        await this.kill();
        await this.start();
    }

    /** Stops it where it is, as if its machine had no power; connections stay open and silent. */
    freeze(): void {
        this.#child?.signal("SIGSTOP");
    }

    thaw(): void {
        this.#child?.signal("SIGCONT");
    }
}

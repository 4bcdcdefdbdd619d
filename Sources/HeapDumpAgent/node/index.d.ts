/** `filename` as it was given, or the default name. */
export type SnapshotCallback = (error: Error | null, filename?: string) => void;

/**
 * Begins to write a heap snapshot of this thread, and returns at once. Calls are carried out one after another.
 *
 * @param filename `heapdump-<sec>.<usec>.heapsnapshot` in the working directory where none is given.
 * @param callback Called once, never before this returns. The process stays alive until then.
 * @returns `false` where the snapshot could not be begun; the callback is told why.
 * @throws TypeError for arguments of other types.
 */
export function writeSnapshot(filename?: string | null, callback?: SnapshotCallback | null): boolean;
export function writeSnapshot(callback: SnapshotCallback): boolean;

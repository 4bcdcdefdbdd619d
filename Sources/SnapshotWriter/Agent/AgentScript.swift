/// JavaScript that heapdump has the target carry out.
enum AgentScript {
    /// Where a thread of the target keeps its agents, by version. An application that has loaded the add-on has filled
    /// it itself.
    private static let registry = "Symbol.for('heapdump.agents')"

    /// As in Sources/HeapDumpAgent/module.c: another build of the same version may speak otherwise.
    private static let protocolNumber = 3

    /// Forks by the agent of our version. Comes to the JSON of an `AgentAnswer`.
    static func fork(_ options: ForkOptions) -> String {
        """
        (() => {
          const get = \(BuiltInModule.getter);
          const agents = process[\(registry)];
          const known = agents instanceof Map ? agents.get('\(HeapdumpVersion.number)') : undefined;
          const agent = known && known.protocol === \(protocolNumber) ? known : undefined;
          const others = agents instanceof Map ? [...agents.keys()].filter((key) => key !== '\(HeapdumpVersion.number)') : [];
          if (!agent) return JSON.stringify({ missing: true, others });
          const answer = agent.fork(\(options.javaScript), get('v8').writeHeapSnapshot);
          return JSON.stringify(Object.assign(answer, { others }));
        })()
        """
    }

    /// Brings the agent in, by a file that has no name any more once it is loaded. The directory is the target's own and
    /// nobody else's; what stands in the file is read again before it is loaded.
    /// - Parameter image: the shared object, as Base64.
    static func load(_ image: String) -> String {
        """
        (() => {
          const get = \(BuiltInModule.getter);
          const fs = get('fs');
          const image = Buffer.from('\(image)', 'base64');
          const problems = [];
          const places = [get('os').tmpdir(), '/dev/shm'];
          // It may have been removed.
          try { places.push(process.cwd()); } catch {}
          for (const place of new Set(places)) {
            let directory, file;
            try {
              directory = fs.mkdtempSync(place + '/snapshot-agent-');
              file = directory + '/agent.node';
              fs.writeFileSync(file, image, { flag: 'wx', mode: 0o600 });
              if (!fs.readFileSync(file).equals(image)) throw new Error('the file is not what was written');
              const module = { exports: {} };
              process.dlopen(module, file);
              if (!(process[\(registry)] instanceof Map)) {
                Object.defineProperty(process, \(registry), { value: new Map(), configurable: true });
              }
              process[\(registry)].set('\(HeapdumpVersion.number)', module.exports);
              return JSON.stringify({});
            } catch (error) {
              problems.push({ place, reason: error.message });
            } finally {
              try { fs.unlinkSync(file); } catch {}
              try { fs.rmdirSync(directory); } catch {}
            }
          }
          return JSON.stringify({ problems });
        })()
        """
    }
}

/// What the agent is asked for, as in Sources/HeapDumpAgent/dump.h.
struct ForkOptions {
    /// Whether to fork although other threads run.
    var force = false
    var watchdogSeconds: Int
    /// Of the child, beside what it is forked with.
    var memoryBytes: UInt64
    /// Of the child; nil for 5 more than the process's own.
    var niceness: Int?

    fileprivate var javaScript: String {
        "{ force: \(force), watchdogSeconds: \(watchdogSeconds), memoryBytes: \(memoryBytes)"
            + (niceness.map { ", niceness: \($0)" } ?? "") + " }"
    }
}

/// JavaScript that heapdump has the target carry out.
///
/// It runs between any two steps of the application's and of Node's own functions. So it calls nothing of Node's library but
/// `process.dlopen`, which is native, uses what an application seldom replaces, never looks at an exception's stack
/// (`Error.prepareStackTrace` is the application's) and lets none out. docs/undisturbed.md has the reasons.
struct AgentScript {
    enum Source {
        /// Where an application that has loaded the add-on, or an earlier dump, has put it.
        case registry
        /// It is mapped already, and found by its name.
        case mapped
        /// A file, as the target names it.
        case file(String)
    }

    enum Request {
        /// Comes to the JSON of an `AgentAnswer`.
        case fork(ForkOptions)
        /// Comes to what `HeapSizes.init(text:)` takes.
        case heapSizes
    }

    var source: Source
    let request: Request
    /// The script is evaluated with the command line API: the global `process` is not Node's.
    var hasRequire = false

    /// How the lines of a reply begin, see `AgentReply`.
    static let missing: Substring = "missing"
    static let noProcess: Substring = "no process"
    static let other = "other "
    static let problem = "problem "

    var text: String {
        """
        ((process) => {
          try {
            const version = '\(HeapdumpVersion.number)', key = Symbol.for('heapdump.agents');
            const homes = [() => process, () => globalThis, () => process.dlopen];
            let agent, others = '', problem = '';
            for (let i = 0; i < homes.length && !agent; i++) {
              try {
                homes[i]()[key]?.forEach((value, name) => {
                  if (name !== version) others += '\\n\(Self.other)' + name;
                  else if (value.protocol === \(Agent.protocolNumber)) agent = value;
                });
              } catch {}
            }
            \(loading)
            return (agent ? \(call) : '\(Self.missing)') + others + problem;
          } catch (error) {
            return '\(Self.missing)\\n\(Self.problem)' + error?.message;
          }
        })(\(process))
        """
    }

    private var process: String {
        hasRequire
            ? "(() => { try { return require('process'); } catch {} })()"
            : "typeof process === 'undefined' ? undefined : process"
    }

    /// The prototypes of literals are the application's: hence none.
    private var loading: String {
        let arguments: String
        switch source {
        case .registry: return ""
        // RTLD_LAZY | RTLD_NOLOAD: another handle to what is there. Node does not survive that where it is not there.
        case .mapped: arguments = "'\(Agent.fileName)', 5"
        case .file(let path): arguments = JavaScriptText.quoted(path)
        }
        return """
            if (!agent) {
              if (typeof process?.dlopen !== 'function') return '\(Self.noProcess)';
              try {
                const module = { __proto__: null, exports: { __proto__: null } };
                process.dlopen(module, \(arguments));
                if (module.exports.protocol === \(Agent.protocolNumber)) agent = module.exports;
              } catch (error) {
                problem = '\\n\(Self.problem)' + error?.message;
              }
            }
            for (let i = 0; i < homes.length && agent; i++) {
              try {
                const home = homes[i]();
                if (!(home[key] instanceof Map)) {
                  Object.defineProperty(home, key, { __proto__: null, value: new Map(), configurable: true });
                }
                home[key].set(version, agent);
                break;
              } catch {}
            }
            """
    }

    private var call: String {
        switch request {
        case .heapSizes: "agent.heapSizes()"
        // The function is called in the copy alone, and only where the agent cannot have V8 do it.
        case .fork(let options):
            """
            agent.forkNow(\(options.javaScript), (path) => {
              const modules = [() => process.getBuiltinModule('v8'), () => process.mainModule.require('v8'), () => require('v8')];
              for (let i = 0; i < modules.length; i++) {
                let write;
                try { write = modules[i]().writeHeapSnapshot; } catch {}
                if (typeof write === 'function') return write(path);
              }
              throw new Error('v8.writeHeapSnapshot is nowhere to be found');
            })
            """
        }
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
    /// By ptrace: whether heapdump sees for the process which memory to bring and whether its threads sleep.
    var looksFromOutside = false

    fileprivate var javaScript: String {
        "{ __proto__: null, force: \(force), prefersNative: true, watchdogSeconds: \(watchdogSeconds), "
            + "memoryBytes: \(memoryBytes)" + (niceness.map { ", niceness: \($0)" } ?? "") + " }"
    }
}

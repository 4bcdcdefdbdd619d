/// Programs for Node that only run other programs, each in a process of its own.
enum WrapperNames {
    /// What a wrapper is called, such as `npm` or `node --watch`; nil for any other program, as far as its command line
    /// shows.
    static func name(of names: ProcessNames) -> String? {
        if let title = names.title { return name(ofTitle: title) }
        let options = names.nodeOptions
        if options.contains(where: { $0 == "--watch" || $0 == "--watch-path" }) { return "node --watch" }
        if options.contains("--test") { return "node --test" }
        if options.contains("--run") { return "node --run" }
        return names.script.flatMap { name(ofScript: $0) }
    }

    /// As npm ("npm run start"), pnpm and pm2's daemon ("PM2 v6.0.5: God Daemon (/home/app/.pm2)") set theirs.
    private static func name(ofTitle title: String) -> String? {
        let words = title.split(separator: " ")
        guard let first = words.first.map({ String($0) }) else { return nil }
        if first == "PM2", words.contains("God") { return "pm2" }
        return first == "npm" || packages.contains(first) ? first : nil
    }

    private static func name(ofScript script: String) -> String? {
        let parts = script.split(separator: "/").map { String($0) }
        guard let file = parts.last else { return nil }
        // Links to commands have no suffix: node_modules/.bin/tsx, /usr/local/bin/nodemon.
        if let package = commands[file] ?? files[file] { return package }
        // Yarn lies in repositories by its version: .yarn/releases/yarn-4.9.2.cjs.
        if file.hasPrefix("yarn-"), file.dropFirst("yarn-".count).first?.isNumber == true { return "yarn" }
        // Others lie where packages do: node_modules/tsx/dist/cli.mjs. In these pm2 has the programs themselves.
        guard !file.hasPrefix("ProcessContainer"), let modules = parts.lastIndex(of: "node_modules"),
            parts.indices.contains(modules + 1), packages.contains(parts[modules + 1])
        else { return nil }
        return parts[modules + 1]
    }

    /// Packages whose every program runs others. Those that also run programs in their own process (ts-node, jest) are none.
    private static let packages: Set<String> = [
        "npm", "npx", "pnpm", "yarn", "tsx", "nodemon", "node-dev", "ts-node-dev", "pm2", "forever", "supervisor",
        "concurrently", "npm-run-all", "npm-run-all2", "cross-env", "dotenv-cli", "env-cmd", "lerna", "nx",
    ]

    private static let commands: [String: String] = {
        var commands = [
            "pnpx": "pnpm", "yarnpkg": "yarn", "tsnd": "ts-node-dev", "pm2-runtime": "pm2", "pm2-dev": "pm2",
            "run-p": "npm-run-all", "run-s": "npm-run-all", "cross-env-shell": "cross-env", "dotenv": "dotenv-cli",
        ]
        for package in packages { commands[package] = package }
        return commands
    }()

    /// Files of theirs that may lie anywhere, with names that nobody else uses.
    private static let files = [
        "npm-cli.js": "npm", "npx-cli.js": "npx", "pnpm.cjs": "pnpm", "pnpx.cjs": "pnpm", "yarn.js": "yarn",
        "nodemon.js": "nodemon",
    ]
}

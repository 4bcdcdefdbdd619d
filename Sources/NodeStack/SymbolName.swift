import CLibunwind
import Glibc

/// Names of native functions as people read them.
enum SymbolName {
    /// `_ZN4node9inspector5Agent4StopEv` becomes `node::inspector::Agent::Stop`: without parameters, template arguments and what
    /// compilers append.
    static func readable(_ symbol: String) -> String {
        let symbol = String(symbol.prefix { $0 != "@" })
        guard symbol.hasPrefix("_Z") else { return withoutCompilersMark(symbol) }
        guard let raw = clibunwind_demangle(symbol) else { return withoutCompilersMark(symbol) }
        defer { free(raw) }
        return short(String(cString: raw))
    }

    /// `main.constprop.0` is `main`, made for some callers.
    private static func withoutCompilersMark(_ symbol: String) -> String {
        guard let dot = symbol.firstIndex(of: "."), dot != symbol.startIndex else { return symbol }
        return String(symbol[..<dot])
    }

    /// A name with its parameters becomes one without; angle brackets go too.
    static func short(_ name: String) -> String {
        // What is no parenthesis of parameters, and no bracket.
        var text = name.replacing("(anonymous namespace)", with: "{anonymous}")
        if let clone = text.firstRange(of: " [clone ") { text = String(text[..<clone.lowerBound]) }
        var result = ""
        var depth = 0
        var rest = text[...]
        while let character = rest.popFirst() {
            if depth == 0, result.hasSuffix("operator"), "<>()=".contains(character) {
                // operator<, operator->, operator() and the like are names.
                result.append(character)
                while let next = rest.first, "<>()=".contains(next), !(next == "(" && result.last == ")") {
                    if next == "(", result.last != "r" { break }
                    result.append(next)
                    rest.removeFirst()
                }
                continue
            }
            switch character {
            case "<": depth += 1
            case ">": depth -= 1
            case "(" where depth == 0: return lastWord(result)
            default: if depth == 0 { result.append(character) }
            }
        }
        return lastWord(result)
    }

    /// Functions made of templates have their result's type before them.
    private static func lastWord(_ name: String) -> String {
        if name.contains("operator") { return name }
        return name.split(separator: " ").last.map(String.init) ?? name
    }
}

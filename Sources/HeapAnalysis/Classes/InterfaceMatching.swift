import HeapSnapshot

/// Finds the interface of each shape: the one with most properties of those whose properties it all has (`applyInterfaceDefinitions`).
struct InterfaceMatching {
    /// Of a tree: the way to it is a list of properties, by rank.
    private struct State {
        var next: [Int: Int] = [:]
        let rank: Int
        /// How often the way has that rank.
        let repeats: Int
        var match: Match?
        /// The best that it or one beyond is.
        var best: Match
    }

    private struct Match {
        let interface: Int
        let propertyCount: Int

        /// More properties are better, and among equals the one that more objects have.
        func isBetter(than other: Match?) -> Bool {
            guard let other else { return true }
            if propertyCount != other.propertyCount { return propertyCount > other.propertyCount }
            return interface < other.interface
        }
    }

    private let graph: HeapGraph
    private var states: [State] = []
    /// The properties of all interfaces, in JavaScript's order of texts.
    private var ranks: [[UInt8]: Int] = [:]
    /// The rank of each string that was asked for, from 1; `noRank` where it is no interface's; 0 where it was not.
    private let rankOfString: Column<UInt32>?
    private static let noRank = UInt32.max
    /// By rank: how often the shape has it that is looked at.
    private let counts: Column<UInt32>?

    init(_ graph: HeapGraph, _ interfaces: [Interface]) {
        self.graph = graph
        rankOfString = interfaces.isEmpty ? nil : Column(count: graph.columns.strings.count)
        let properties = Set(interfaces.flatMap(\.properties)).map { (text: $0, units: JavaScriptText.codeUnits($0)) }
            .sorted { $0.units.lexicographicallyPrecedes($1.units) }
        counts = interfaces.isEmpty ? nil : Column(count: properties.count)
        for (rank, property) in properties.enumerated() { ranks[property.text] = rank }
        for (index, interface) in interfaces.enumerated() { add(interface, index) }
    }

    private mutating func add(_ interface: Interface, _ index: Int) {
        let match = Match(interface: index, propertyCount: interface.properties.count)
        if states.isEmpty { states.append(State(rank: -1, repeats: 0, best: match)) }
        var state = 0
        improve(state, match)
        for rank in interface.properties.compactMap({ ranks[$0] }).sorted() {
            if let next = states[state].next[rank] {
                state = next
            } else {
                states[state].next[rank] = states.count
                let repeats = states[state].rank == rank ? states[state].repeats + 1 : 1
                state = states.count
                states.append(State(rank: rank, repeats: repeats, best: match))
            }
            improve(state, match)
        }
        if states[state].match == nil { states[state].match = match }
    }

    private mutating func improve(_ state: Int, _ match: Match) {
        if match.isBetter(than: states[state].best) { states[state].best = match }
    }

    /// - Returns: a place among the interfaces; nil where none matches.
    ///
    /// A state is looked at once, however many ways a shape with many properties has to leave some out.
    func best(for properties: UnsafeBufferPointer<UInt32>) -> Int? {
        guard !states.isEmpty, let counts else { return nil }
        // Properties of no interface lead nowhere.
        var present: [Int] = []
        for property in properties {
            guard let rank = rank(of: property) else { continue }
            if counts[rank] == 0 { present.append(rank) }
            counts[rank] &+= 1
        }
        present.sort()
        var best: Match?
        var work = [0]
        while let index = work.popLast() {
            let state = states[index]
            guard state.best.isBetter(than: best) else { continue }
            if let match = state.match, match.isBetter(than: best) { best = match }
            // What there is less of is looked through.
            if state.next.count <= present.count {
                for (rank, next) in state.next where counts[rank] >= states[next].repeats { work.append(next) }
            } else {
                for rank in present {
                    if let next = state.next[rank], counts[rank] >= states[next].repeats { work.append(next) }
                }
            }
        }
        for rank in present { counts[rank] = 0 }
        return best?.interface
    }

    private func rank(of string: UInt32) -> Int? {
        let known = rankOfString?.base[Int(string)] ?? 0
        if known != 0 { return known == Self.noRank ? nil : Int(known - 1) }
        let rank = ranks[Array(graph.columns.strings[Int(string)])]
        rankOfString?.base[Int(string)] = rank.map { UInt32($0 + 1) } ?? Self.noRank
        return rank
    }
}

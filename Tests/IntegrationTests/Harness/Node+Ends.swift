extension Node {
    /// The oldest release that heapdump dumps and the newest: between these, what tests look at differs most.
    static let ends = supported.filter { $0 == supported.first || $0 == supported.last }
}

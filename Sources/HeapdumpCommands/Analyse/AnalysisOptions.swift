import ArgumentParser

/// What all commands take that look into a snapshot.
struct AnalysisOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Analyse it even if memory looks too tight for that.")
    var forceMemory = false

    /// Those of a command that does not take them.
    static var defaults: AnalysisOptions { (try? AnalysisOptions.parse([])) ?? AnalysisOptions() }
}

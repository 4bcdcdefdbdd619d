// swift-tools-version: 6.1
import PackageDescription

var settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
var cSettings: [CSetting] = []

// `make check` sets it. Not for everyone: a newer compiler's new warnings are no reason not to build.
if Context.environment["HEAPDUMP_STRICT"] != nil {
    settings.append(.unsafeFlags(["-warnings-as-errors"]))
    cSettings.append(.unsafeFlags(["-Wall", "-Wextra", "-Werror"]))
}

// A shared library in tests, an archive in the program, which is linked statically. Stacks are read on x86-64 only.
#if arch(x86_64)
    let unwindLibraries: [LinkerSetting] = [
        .linkedLibrary("unwind-x86_64"), .linkedLibrary("lzma"), .linkedLibrary("stdc++"),
    ]
#else
    let unwindLibraries: [LinkerSetting] = [.linkedLibrary("stdc++")]
#endif

let page = [
    "report.html", "report.css", "text.js", "elements.js", "path.js", "table.js", "squarify.js", "treemap.js",
    "sections.js", "listings.js", "report.js",
]

// Dependencies point strictly downward; ARCHITECTURE.md draws them.
let package = Package(
    name: "heapdump",
    products: [
        .executable(name: "heapdump", targets: ["heapdump"]),
        .library(name: "SnapshotWriter", targets: ["SnapshotWriter"]),
        .library(name: "HeapAnalysis", targets: ["HeapAnalysis"]),
        .library(name: "HeapSnapshot", targets: ["HeapSnapshot"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .executableTarget(name: "heapdump", dependencies: ["HeapdumpCommands"], swiftSettings: settings),
        .target(
            name: "HeapdumpCommands",
            dependencies: [
                "SnapshotWriter", "NodeStack", "NodeProcess", "Linux", "HeapAnalysis", "HeapReport", "HeapDatabase",
                "HeapSnapshot",
                "SnapshotReading", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(
            name: "SnapshotWriter",
            dependencies: [
                "AgentImage", "CLinux", "ELF", "Linux", "NodeProcess", "NodeStack", "Inspector", "HeapSnapshot",
                "SnapshotReading",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(
            name: "NodeProcess",
            dependencies: ["CLinux", "ELF", "Linux", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(
            name: "NodeStack",
            dependencies: [
                "CLibunwind", "ELF", "Linux", "NodeProcess", "V8Metadata",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(
            name: "V8Metadata", dependencies: ["ELF", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(
            name: "ELF", dependencies: ["Linux", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(
            name: "Linux", dependencies: ["CLinux", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(
            name: "Inspector",
            dependencies: [
                "Linux",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "HeapAnalysis",
            dependencies: [
                "HeapSnapshot", "SnapshotReading", "CLinux", "Linux",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(
            name: "SnapshotReading",
            dependencies: ["CCompression", "Linux", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(name: "HeapSnapshot", dependencies: ["CHeapSnapshot"], swiftSettings: settings),
        .target(
            name: "HeapReport",
            // Into the code: heapdump is one file.
            resources: page.map { .embedInCode("Page/\($0)") },
            swiftSettings: settings),
        .target(name: "HeapDatabase", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(name: "CLinux", cSettings: cSettings),
        .target(name: "CLibunwind", cSettings: cSettings, linkerSettings: unwindLibraries),
        .target(name: "CHeapSnapshot", cSettings: cSettings),
        // Linked into the program: it must start where nothing but the C library is installed.
        .target(
            name: "CCompression", cSettings: cSettings,
            linkerSettings: [.linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a")]),
        .target(
            name: "CSQLite", cSettings: cSettings,
            // Its mathematical functions are the C library's.
            linkerSettings: [.linkedLibrary(":libsqlite3.a"), .linkedLibrary("m")]),
        // Sources/HeapDumpAgent is built by the Makefile, with cc: this is its result.
        .target(name: "AgentImage", cSettings: cSettings + [.headerSearchPath("../../.build/agent")]),
        .testTarget(name: "HeapSnapshotTests", dependencies: ["HeapSnapshot"], swiftSettings: settings),
        .testTarget(
            name: "HeapAnalysisTests", dependencies: ["HeapAnalysis", "HeapSnapshot", "SnapshotReading", "Linux"],
            swiftSettings: settings),
        .testTarget(name: "HeapDatabaseTests", dependencies: ["HeapDatabase"], swiftSettings: settings),
        .testTarget(
            // What the page shows is made by HeapdumpCommands.
            name: "HeapReportTests", dependencies: ["HeapReport", "HeapdumpCommands", "HeapAnalysis"],
            swiftSettings: settings),
        .testTarget(
            name: "NodeStackTests", dependencies: ["NodeStack", "V8Metadata", "ELF", "Linux"], swiftSettings: settings),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: settings),
        .testTarget(name: "NodeProcessTests", dependencies: ["NodeProcess", "ELF", "Linux"], swiftSettings: settings),
        .testTarget(
            name: "InspectorTests", dependencies: ["Inspector", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(
            name: "SnapshotWriterTests",
            dependencies: ["SnapshotWriter", "NodeProcess", "NodeStack", "Inspector", "Linux"],
            swiftSettings: settings),
        .testTarget(
            name: "HeapdumpCommandsTests",
            dependencies: [
                "HeapdumpCommands", "HeapAnalysis", "HeapReport", "HeapSnapshot", "NodeProcess", "NodeStack",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests", dependencies: ["CLinux", "heapdump", "HeapSnapshot"], swiftSettings: settings),
    ]
)

import Foundation
import Testing

/// One name of many megabytes that hundreds of objects share: a small file, compressed, and no more than that in memory and in what
/// is printed.
struct LongNameTests {
    private static let length = 2_000_000
    private static let count = 100

    private struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let length: Int
        let build: @Sendable (inout HostileSnapshot, _ name: String) -> Void

        /// - Parameter length: of the name.
        init(
            _ description: String, length: Int = LongNameTests.length,
            _ build: @escaping @Sendable (inout HostileSnapshot, _ name: String) -> Void
        ) {
            testDescription = description
            self.length = length
            self.build = build
        }
    }

    private static let attacks = [
        Attack("functions in many places") { heap, name in
            for line in 0..<count { heap.place(heap.hold(.closure, name), script: 1, line: line) }
        },
        Attack("classes in many places") { heap, name in
            for line in 0..<count * 2 {
                // By turns, so that no two of one name come together.
                heap.place(heap.hold(.object, line % 2 == 0 ? name : name + "'"), script: 1, line: line)
            }
        },
        Attack("scripts") { heap, name in
            for script in 0..<count {
                let (closure, shared) = (heap.hold(.closure, "f"), heap.add(.code, "shared"))
                heap.place(closure, script: script, line: 0)
                heap.link(closure, shared, "shared", .internal)
                heap.link(shared, heap.add(.code, name), "script", .internal)
            }
        },
        // The first property is a part of the class's name, and is put into JavaScript's order, which takes long in a debug build.
        Attack("properties", length: 200_000) { heap, name in
            for number in 0..<count * 10 {
                let object = heap.hold(.object, "Object")
                heap.link(object, heap.global, name)
                heap.link(object, heap.global, "p\(number)")
            }
        },
        Attack("edges") { heap, name in
            let index = heap.string(name)
            for type in [HostileSnapshot.Link.property, .context, .internal, .weak] {
                for _ in 0..<count { heap.link(heap.global, heap.add(.object, "Held", 1000), index, type) }
            }
        },
        Attack("detached nodes") { heap, name in
            for _ in 0..<count { heap.link(heap.global, heap.add(.native, name, isDetached: true), "p") }
        },
        Attack("strings") { heap, name in
            for _ in 0..<count { _ = heap.hold(.string, name) }
        },
        Attack("parts of concatenated strings") { heap, name in
            let end = heap.hold(.string, name)
            for number in 0..<count {
                let cons = heap.hold(.concatenated, "")
                heap.link(cons, heap.add(.string, "\(number)"), "first", .internal)
                heap.link(cons, end, "second", .internal)
            }
        },
        Attack("strings that were cut") { heap, name in
            let (mark, value) = (heap.hold(.number, "bool"), heap.add(.string, "true"))
            heap.link(mark, value, "value", .internal)
            for number in 0..<count {
                let string = heap.hold(.string, name)
                heap.link(string, mark, "truncated", .internal)
                let hash = heap.add(.number, "int")
                heap.link(string, hash, "hash", .internal)
                heap.link(hash, heap.add(.string, "\(number)"), "value", .internal)
            }
        },
        Attack("numbers") { heap, name in
            let digits = heap.string(String(repeating: "7", count: name.utf8.count))
            let descriptors = heap.hold(.array, "(map descriptors)")
            for _ in 0..<count { heap.link(descriptors, heap.add(.object, "Map"), digits, .internal) }
        },
        Attack("elements of one class, held by names", length: 1_000_000) { heap, name in
            for number in 0..<count {
                let holder = heap.hold(.object, "Holder")
                heap.link(holder, heap.add(.object, name, 5000), "\(name)\(number % 10)")
            }
        },
    ]

    @Test(arguments: attacks)
    private func isShownByItsBeginning(attack: Attack) throws {
        try TemporaryDirectory.with { directory in
            var heap = HostileSnapshot()
            attack.build(&heap, String(repeating: "n", count: attack.length))
            try heap.write(to: directory("hostile"))
            let size = try #require(
                FileManager.default.attributesOfItem(atPath: directory("hostile"))[.size] as? Int)
            let launcher = ["python3", "\(Package.root)/Tests/Launchers/note-peak.py", directory("peak")]
            for command in [
                ["summary", "hostile"], ["summary", "hostile", "--json", "--all"],
                ["diff", "hostile", "hostile", "--json"],
                ["find", "hostile", "--min-size", "1", "--json"], ["find", "hostile", "--string", "nn"],
                ["retainers", "hostile", "@5", "--json"], ["show", "hostile", "@3", "--json"],
                ["report", "hostile", "-o", "page.html", "--overwrite"],
                ["export", "hostile", "--sqlite", "database", "--overwrite"],
            ] {
                let run = try Command(launcher + [Heapdump.binary] + command, in: directory.path).run(
                    within: .seconds(60))
                run.expect(exit: 0)
                let peak = try #require(Int(String(contentsOfFile: directory("peak"), encoding: .utf8)))
                #expect(peak < 5 * size + 64 << 20, "\(command): \(peak) bytes")
                #expect(run.stdout.utf8.count < 4 << 20, "\(command): \(run.stdout.utf8.count) bytes")
            }
            let page = try FileManager.default.attributesOfItem(atPath: directory("page.html"))
            #expect(try #require(page[.size] as? Int) < 8 << 20)
        }
    }
}

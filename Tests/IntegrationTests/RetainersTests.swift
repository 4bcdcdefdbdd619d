import Foundation
import Testing

/// `heapdump retainers`, `show` and `find`: questions about single objects and classes.
struct RetainersTests {
    @Test(arguments: Node.each)
    func groupsTheObjectsOfAClass(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let run = try Heapdump.run(["retainers", file, "LeakedToken", "--json"], in: directory)
            run.expect(exit: 0)
            let json = try run.json()
            #expect(json["count"] as? Int == Snapshots.leakedCount)
            let groups = try run.rows("groups")
            #expect(groups.count == json["group_count"] as? Int && groups.count == 1, "\(run)")
            #expect(groups.compactMap { $0["count"] as? Int }.reduce(0, +) == Snapshots.leakedCount)
            let path = expression(groups.first?["path"])
            // Node 26's global object is reached from V8's own roots first.
            #expect(path.contains(/^(global|\(system\)\{global_object\}).*\.sessions\[\d+\]\.token$/), "\(path)")

            let text = try Heapdump.run(["retainers", file, "LeakedToken"], in: directory)
            #expect(text.stdout.hasPrefix("60,000 objects, "), "\(text)")
            #expect(text.stdout.contains("  .token  LeakedToken @"), "\(text)")
        }
    }

    @Test func limitsTheGroups() throws {
        try Snapshots.leak(.v24) { file, directory in
            let all = try Heapdump.run(["retainers", file, "Function", "--json", "--limit", "100000"], in: directory)
            let groups = try all.rows("groups")
            let sizes = groups.compactMap { $0["retained_size"] as? Int }
            #expect(groups.count > 10 && sizes == sizes.sorted(by: >))
            #expect(groups.compactMap { $0["count"] as? Int }.reduce(0, +) == (try all.json()["count"] as? Int))
            let some = try Heapdump.run(["retainers", file, "Function", "--limit", "3"], in: directory)
            #expect(some.stdout.contains("more ways: --limit \(groups.count)"), "\(some)")
        }
    }

    @Test(arguments: Node.supported)
    func namesTheDominators(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let token = try #require(try id(of: "LeakedToken", file, directory))
            let run = try Heapdump.run(["retainers", file, "@\(token)", "--dominators", "--json"], in: directory)
            run.expect(exit: 0)
            let chain = try run.rows("dominators")
            #expect(chain.first?["id"] as? Int == 1 && chain.last?["id"] as? Int == token)
            let names = chain.suffix(3).compactMap { $0["class"] as? String }
            #expect(names == ["Array", "LeakedSession", "LeakedToken"])
            // Each holds at least itself and the one below.
            for (above, below) in zip(chain, chain.dropFirst()) {
                let (held, own) = (below["retained_size"] as? Int ?? 0, above["shallow_size"] as? Int ?? 0)
                #expect(above["retained_size"] as? Int ?? 0 >= held + own, "\(run)")
            }
            let total = try Heapdump.run(["summary", "--json", file], in: directory).json()["total_size"] as? Int
            #expect(chain.first?["retained_size"] as? Int ?? 0 <= total ?? 0)
            let text = try Heapdump.run(["retainers", file, "@\(token)", "--dominators"], in: directory)
            #expect(text.stdout.split(separator: "\n").count == chain.count + 1, "\(text)")
        }
    }

    @Test(arguments: Node.each)
    func showsFields(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let session = try #require(try id(of: "LeakedSession", file, directory))
            let run = try Heapdump.run(["show", file, "@\(session)", "--json"], in: directory)
            run.expect(exit: 0)
            let fields = try run.rows("fields")
            let token = try #require(fields.first { $0["edge"] as? String == ".token" }, "\(run)")
            #expect((token["object"] as? [String: Any])?["class"] as? String == "LeakedToken")
            #expect(token["type"] as? String == "property")
            #expect(try run.json()["field_count"] as? Int == fields.count)
            let object = try #require(try run.json()["object"] as? [String: Any])
            #expect(object["id"] as? Int == session && object["class"] as? String == "LeakedSession")
            #expect(object["retained_size"] as? Int ?? 0 > object["shallow_size"] as? Int ?? 0)
            #expect(try run.rows("retainers").contains { ($0["edge"] as? String ?? "").hasPrefix("[") }, "\(run)")

            let text = try Heapdump.run(["show", file, "@\(session)"], in: directory)
            #expect(text.stdout.hasPrefix("LeakedSession @\(session)\n  type object, class LeakedSession\n"), "\(text)")
            #expect(text.stdout.contains("  .token  LeakedToken @"), "\(text)")

            let root = try Heapdump.run(["show", file, "@1", "--limit", "1"], in: directory)
            root.expect(exit: 0)
            #expect(root.stdout.hasPrefix("(root) @1\n") && root.stdout.contains(" more: --limit "), "\(root)")
        }
    }

    @Test func findsByClassSizeAndText() throws {
        try Snapshots.leak(.v22) { file, directory in
            func find(_ options: String...) throws -> (count: Int, objects: [[String: Any]]) {
                let run = try Heapdump.run(["find", file, "--json"] + options, in: directory)
                run.expect(exit: 0)
                return (try #require(try run.json()["count"] as? Int), try run.rows("objects"))
            }
            let tokens = try find("--class", "LeakedToken", "--limit", "7")
            #expect(tokens.count == Snapshots.leakedCount && tokens.objects.count == 7)
            let ids = try SnapshotText(directory(file)).ids(ofClass: "LeakedToken")
            #expect(tokens.objects.allSatisfy { ids.contains($0["id"] as? Int ?? 0) })

            let large = try find("--min-size", "1M")
            let sizes = large.objects.compactMap { $0["retained_size"] as? Int }
            #expect(!sizes.isEmpty && sizes.allSatisfy { $0 >= 1_000_000 } && sizes == sizes.sorted(by: >))
            #expect(try find("--class", "LeakedToken", "--min-size", "1M").count == 0)
            let all = try find("--min-size", "1", "--limit", "10000000")
            #expect(all.count == all.objects.count && all.objects.count > 2 * Snapshots.leakedCount)
            #expect(large.count == all.objects.count { $0["retained_size"] as? Int ?? 0 >= 1_000_000 })

            let named = try find("--string", "class LeakedToken {}", "--limit", "1000")
            #expect(named.count > 0)
            #expect(named.objects.allSatisfy { ($0["name"] as? String ?? "").contains("class LeakedToken {}") })
            let none = try Heapdump.run(
                ["find", file, "--string", "nothing has this text \(uniqueName())"], in: directory)
            none.expect(exit: 0)
            #expect(none.stdout == "No object matches.\n")
        }
    }

    private func id(of className: String, _ file: String, _ directory: TemporaryDirectory) throws -> Int? {
        try Heapdump.run(["find", file, "--class", className, "--limit", "1", "--json"], in: directory)
            .rows("objects").first?["id"] as? Int
    }
}

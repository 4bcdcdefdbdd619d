import Linux
import NodeProcess

/// Whether there is memory enough for a dump: the need, and the bound that leaves the least beside it.
public struct MemoryVerdict: Sendable, Equatable {
    /// What V8 needs for the snapshot by the estimate, in bytes, wherever that is taken.
    public var extra: UInt64
    /// What is needed of what the bound limits, in bytes: all of that, or what the process itself needs beside its copy.
    public let needed: UInt64
    /// What is left by the tightest bound, in bytes; nil where nothing limits it.
    public let headroom: UInt64?
    /// Which bound that is, as a clause's subject with its figures: "control group X allows 512 MB and holds 470 MB".
    public let bound: String?
    /// What needs the memory, as a clause's subject.
    let consumer: String
    let remedy: String

    public var fits: Bool { headroom.map { needed <= $0 } ?? true }

    /// Why the dump is refused, with the figures, the shortfall and what would help.
    var refusal: String {
        guard let headroom, let bound else { return "" }
        return
            "\(consumer) would need up to \(ByteText.text(needed)), and \(bound), which leaves \(ByteText.text(headroom)): "
            + "\(ByteText.text(needed - min(needed, headroom))) too little; \(remedy)--force-memory tries all the same"
    }
}

/// Where the memory of a dump is taken.
enum MemoryPlace: Sendable, Equatable {
    /// By V8 in the process itself.
    case process
    /// By a forked copy, charged to the process's own control groups.
    case copy
    /// By a forked copy in a control group of heapdump's.
    case copyApart
}

extension MemoryFacts {
    /// - Parameter ownLimit: --dump-memory-max, in bytes.
    /// - Returns: the verdict of the bound that is missed by most, or fits most tightly.
    func verdict(_ estimate: DumpEstimate, in place: MemoryPlace, ownLimit: UInt64?) -> MemoryVerdict {
        let extra = Self.extra(estimate, place)
        let tightest = needs(estimate, place, ownLimit).min { $0.margin < $1.margin }
        var verdict =
            tightest?.verdict
            ?? MemoryVerdict(
                extra: extra, needed: extra, headroom: nil, bound: nil, consumer: Self.consumer(place), remedy: "")
        verdict.extra = extra
        return verdict
    }

    private struct Need {
        let verdict: MemoryVerdict

        init(_ needed: UInt64, headroom: UInt64, bound: String, _ consumer: String, _ remedy: String) {
            verdict = MemoryVerdict(
                extra: needed, needed: needed, headroom: headroom, bound: bound, consumer: consumer, remedy: remedy)
        }

        /// What is left over; negative where it is too little. Bytes.
        var margin: Int64 {
            guard let headroom = verdict.headroom else { return .max }
            return Int64(clamping: headroom) - Int64(clamping: verdict.needed)
        }
    }

    /// A copy that takes more than thought is ended before it does harm; the process itself cannot be.
    private static func extra(_ estimate: DumpEstimate, _ place: MemoryPlace) -> UInt64 {
        place == .process ? estimate.extraBytesAtMost : estimate.extraBytes
    }

    private static func consumer(_ place: MemoryPlace) -> String {
        place == .process ? "V8 in the process itself" : "a forked copy of it"
    }

    private func needs(_ estimate: DumpEstimate, _ place: MemoryPlace, _ ownLimit: UInt64?) -> [Need] {
        let consumer = Self.consumer(place)
        let extra = Self.extra(estimate, place)
        let limited = place == .copyApart ? dumpGroups ?? [] : groups.groups
        let own = place == .copyApart ? "" : Self.remedy(canRunApart: dumpGroups != nil, place)
        var result = limited.compactMap { group in
            Self.need(extra, group, host, consumer, own)
        }
        if place == .copyApart {
            result += groups.groups.compactMap { group in
                Self.need(
                    estimate.copyOnWriteReserve, group, host,
                    "the process itself, for pages that it changes while a forked copy lives,", "free memory in it; ")
            }
        }
        if let available = host.available {
            result.append(
                Need(
                    extra, headroom: available,
                    bound: "the machine's MemAvailable counts", consumer,
                    "stop something else; "))
        }
        if let headroom = host.commitHeadroom {
            result.append(
                Need(
                    extra, headroom: headroom,
                    bound: "the machine's CommitLimit counts (vm.overcommit_memory is 2)", consumer,
                    "add swap or raise vm.overcommit_ratio; "))
        }
        // A copy inherits RLIMIT_AS, and counts for it what its parent has mapped, and what glibc reserves for its threads; its
        // RLIMIT_DATA the agent sets.
        let reserved = place == .process ? 0 : DumpNeeds(opensInspector: false, forks: true).addressSpace
        let limits =
            place == .process
            ? [(addressSpaceHeadroom, "RLIMIT_AS"), (dataHeadroom, "RLIMIT_DATA")]
            : [(addressSpaceHeadroom, "RLIMIT_AS")]
        for (headroom, name) in limits {
            guard let headroom else { continue }
            result.append(
                Need(
                    extra + reserved, headroom: headroom, bound: "\(name) limits the process", consumer,
                    "raise it with prlimit; "))
        }
        if place == .copyApart, let ownLimit {
            result.append(
                Need(
                    extra, headroom: ownLimit,
                    bound: "--dump-memory-max allows \(ByteText.text(ownLimit))", consumer, "allow more; "))
        }
        return result
    }

    /// What would help where the target's own control group is too tight.
    private static func remedy(canRunApart: Bool, _ place: MemoryPlace) -> String {
        switch place {
        case .process where canRunApart: "--method fork keeps most of it out of the process's control group; "
        case .copy where canRunApart:
            "--dump-memory-max SIZE has the copy run in a control group of heapdump's own; "
        case .process, .copy:
            "root can run the copy in a control group of its own (sudo heapdump), or raise the limit for the time; "
        case .copyApart: ""
        }
    }

    private static func need(
        _ needed: UInt64, _ group: MemoryGroup, _ host: HostMemory, _ consumer: String, _ remedy: String
    ) -> Need? {
        guard let limit = group.lowestLimit, let headroom = group.headroom else { return nil }
        let swap = min(group.swapHeadroom ?? .max, host.freeSwap)
        let name = MemoryFacts.name(of: group)
        return Need(
            needed, headroom: headroom &+ swap,
            bound: "\(name) allows \(ByteText.text(limit)) and holds \(ByteText.text(group.held))"
                + (swap > 0 ? ", with \(ByteText.text(swap)) of swap" : ""), consumer, remedy)
    }
}

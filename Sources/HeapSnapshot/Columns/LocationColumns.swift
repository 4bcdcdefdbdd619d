/// Where the objects' source locations go, as they pass the validator.
final class LocationColumns: @unchecked Sendable {
    private let layout: LocationLayout
    private let fieldCount: UInt64
    private let rows: Column<ScriptLocations.Row>
    private let places: Column<ScriptLocation>
    /// By hash, with open addressing: a place among `places`, from 1.
    private var slots: Column<UInt32>
    @exclusivity(unchecked) private var count = 0
    @exclusivity(unchecked) private var placeCount = 0
    @exclusivity(unchecked) private var lastPlace: UInt32 = 0
    /// Another one in each run, so that no document can be made whose places all have the same hash.
    private let seed = UInt64.random(in: .min ... .max)
    private(set) var isFull = false

    init?(_ layout: LocationLayout, nodeFieldCount: Int) {
        guard let rows = Column<ScriptLocations.Row>(count: 1 << 12),
            let places = Column<ScriptLocation>(count: 1 << 10), let slots = Column<UInt32>(count: 1 << 11)
        else { return nil }
        self.layout = layout
        fieldCount = UInt64(max(nodeFieldCount, 1))
        (self.rows, self.places, self.slots) = (rows, places, slots)
    }

    func store(_ values: UnsafePointer<UInt64>) {
        if count == rows.count, !rows.resize(to: rows.count * 2) { isFull = true }
        guard !isFull else { return }
        func value(_ column: Int?) -> UInt32 { column.map { UInt32(truncatingIfNeeded: values[$0]) } ?? 0 }
        let location = ScriptLocation(
            scriptID: value(layout.script), line: value(layout.line), column: value(layout.column))
        // The objects of one constructor often come together.
        let isLast = placeCount > 0 && places.base[Int(lastPlace)] == location
        guard let place = isLast ? lastPlace : place(of: location) else { return isFull = true }
        lastPlace = place
        rows.base[count] = ScriptLocations.Row(
            ordinal: UInt32(truncatingIfNeeded: values[layout.object] / fieldCount), place: place)
        count &+= 1
    }

    /// - Returns: nil where there is no memory.
    private func place(of location: ScriptLocation) -> UInt32? {
        let slot = slot(of: location)
        if slots.base[slot] != 0 { return slots.base[slot] &- 1 }
        if placeCount == places.count, !places.resize(to: places.count * 2) { return nil }
        places.base[placeCount] = location
        placeCount += 1
        slots.base[slot] = UInt32(truncatingIfNeeded: placeCount)
        if placeCount * 2 > slots.count, !enlarge() { return nil }
        return UInt32(truncatingIfNeeded: placeCount - 1)
    }

    /// The one that has it, or else the free one where it is to be.
    private func slot(of location: ScriptLocation) -> Int {
        var hash = seed ^ (UInt64(location.line) &<< 32 | UInt64(location.column))
        hash = (hash ^ hash &>> 32) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash &>> 32 ^ UInt64(location.scriptID)) &* 0xC4CE_B9FE_1A85_EC53
        hash ^= hash &>> 32
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots.base[slot] != 0, places.base[Int(slots.base[slot]) &- 1] != location { slot = (slot &+ 1) & mask }
        return slot
    }

    private func enlarge() -> Bool {
        let count = slots.count * 2
        guard MemoryGuard.shared.admits(count * 4), let larger = Column<UInt32>(count: count) else { return false }
        slots = larger
        for place in 0..<placeCount { slots[slot(of: places[place])] = UInt32(truncatingIfNeeded: place + 1) }
        return true
    }

    func finish() -> ScriptLocations {
        _ = rows.resize(to: count)
        _ = places.resize(to: placeCount)
        return ScriptLocations(rows: rows, places: places)
    }
}

import Glibc
import Linux

extension TargetProcess {
    /// Where a file can be put for it, as it names them: its temporary directories, shared memory, its working directory.
    public func placesForFiles() -> [String] {
        var places: [String] = []
        for name in ["TMPDIR", "TMP", "TEMP"] {
            if let place = try? EnvironmentVariable.read(name, of: pid), !place.isEmpty { places.append(place) }
        }
        places += ["/tmp", "/dev/shm"]
        if let working = try? TargetDirectory.working(of: handle).path { places.append(working) }
        return places.reduce(into: []) { unique, place in if !unique.contains(place) { unique.append(place) } }
    }

    /// Whether a file of that name is mapped into it.
    public func hasMapped(fileNamed name: String) -> Bool {
        (try? handle.bracketing { () throws(LinuxError) in
            try MappedLibrary.all(in: pid, atMost: 1) { $0.hasSuffix("/" + name) }.isEmpty == false
        }) ?? false
    }

    /// Whether a library of that file name is mapped into it, and was loaded by glibc, which finds it again by its name.
    public func hasLoaded(libraryNamed name: String) -> Bool {
        (try? handle.bracketing { () throws(LinuxError) in
            guard hasMapped(fileNamed: name) else { return false }
            return try MappedLibrary.all(in: pid, atMost: 1) { path in
                path.split(separator: "/").last?.hasPrefix("ld-musl") ?? false
            }.isEmpty
        }) ?? false
    }
}

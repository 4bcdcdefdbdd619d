import Glibc
import Linux
import SystemPackage

@testable import ELF
@testable import NodeProcess

/// What is read of a process: the first byte chooses who reads the rest. Its owner chooses most of that: the executable whole, arguments,
/// environment and names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProcess(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let all = UnsafeBufferPointer(start: start, count: count)
    guard let first = all.first else { return 0 }
    let bytes = Array(all.dropFirst())
    switch first % 8 {
    case 0, 1, 2: readImage(bytes)
    case 3: readOptions(bytes)
    case 4: readKernelText(bytes)
    case 5: readLines(bytes)
    case 6: readNames(bytes)
    default: readEnvironment(bytes)
    }
    return 0
}

/// Reads the bytes as an ELF file, by every function that looks into one.
private func readImage(_ bytes: [UInt8]) {
    var template = Array("/dev/shm/heapdump-fuzz-XXXXXX".utf8CString)
    let raw = mkstemp(&template)
    unlink(template)
    guard raw >= 0, write(raw, bytes, bytes.count) == bytes.count else { report("no file for the image") }
    let copy = dup(raw)
    let file = ImageFile(Descriptor(owning: raw))
    if let role = try? NodeImage.role(of: file, ProcFile(getpid(), "exe")) { _ = String(describing: role) }
    // A bound of what is read, however large the tables say that they are.
    if file.bytesRead > 64 * max(bytes.count, 1 << 16) { report("\(file.bytesRead) bytes read of \(bytes.count)") }
    let again = ImageFile(Descriptor(owning: copy), .frugal)
    guard let image = try? ELFImage(again) else { return }
    _ = try? image.exports("node_module_register")
    _ = try? image.exports("node_module_register", usingHash: false)
    _ = try? image.imports("uv_default_loop")
    _ = try? image.hasNote(of: "Xen")
    _ = try? image.address(ofLocal: "_ZN2v8")
    _ = try? image.contains("node.js", in: ".rodata", atMost: 1 << 20)
}

private func words(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}

private func readOptions(_ bytes: [UInt8]) {
    let arguments = words(bytes)
    let split = arguments.firstIndex(of: "") ?? arguments.endIndex
    let options = Array(arguments[split...])
    let hints = InspectorHints(arguments: Array(arguments[..<split]), nodeOptions: options)
    if let port = hints.port, port == 0 { report("port 0 is the kernel's to choose") }
    _ = SignalDumpHints(arguments: arguments, nodeOptions: options)
    _ = AddonBarrier.find(arguments: arguments, nodeOptions: options)
    _ = NodeCommandLine(denoArguments: arguments)
    _ = NodeCommandLine(singleExecutable: "/app", arguments: arguments)
    _ = NodeOptionsVariable.split(String(decoding: bytes, as: UTF8.self))
}

private func readKernelText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = ProcessStat(bytes)
    _ = ProcessStatus(text)
    _ = ResourceLimits(text)
    _ = HostMemory(meminfo: text, overcommits: true)
    _ = Container(cgroup: text)
    _ = SystemCallName.inLine(text)
    _ = SystemCallName.ofWaitChannel(text)
    _ = ServingThreads.epollDescriptor(text)
    _ = ServingThreads.watchedDescriptors(text)
    _ = SnapshotDescriptors.isWritable(descriptorInformation: text)
}

private func readLines(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 10) {
        line.withUnsafeBytes { line in
            _ = MappedLibrary(line)
            _ = SocketRow(line)
        }
        _ = CgroupMount(Substring(decoding: line, as: UTF8.self))
    }
}

private func readNames(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = NodeVersion(text)
    _ = SignalName.number(of: text)
    _ = SignalSet(mask: text)
    _ = IPAddress(text)
    _ = PidFile.processID(bytes)
    let escaped = TerminalText.escaped(text)
    if escaped.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) {
        report("a control character comes through")
    }
}

private func readEnvironment(_ bytes: [UInt8]) {
    for name in ["NODE_OPTIONS", "TMPDIR", "", "="] { _ = EnvironmentVariable.value(of: name, in: bytes) }
    _ = ProcessArguments(words(bytes))
}

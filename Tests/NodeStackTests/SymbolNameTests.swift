import Testing

@testable import NodeStack

struct SymbolNameTests {
    @Test(arguments: [
        ("_ZN4node9inspector5Agent4StopEv", "node::inspector::Agent::Stop"),
        (
            "_ZN2v88internal12_GLOBAL__N_16InvokeEPNS0_7IsolateERKNS1_12InvokeParamsE",
            "v8::internal::{anonymous}::Invoke"
        ),
        ("_ZN4node16NodeMainInstance3RunEPNS_8ExitCodeEPNS_11EnvironmentE.part.0", "node::NodeMainInstance::Run"),
        ("_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector::push_back"),
        (
            "_ZN2v88internal12_GLOBAL__N_18RawMatchIhEENS0_19IrregexpInterpreter6ResultEPNS0_7IsolateE",
            "v8::internal::{anonymous}::RawMatch"
        ),
        ("uv__io_poll", "uv__io_poll"), ("epoll_wait@@GLIBC_2.3.2", "epoll_wait"), ("sort.isra.0", "sort"),
        ("_Zbroken", "_Zbroken"),
    ])
    func namesFunctionsAsPeopleReadThem(_ symbol: String, _ name: String) {
        #expect(SymbolName.readable(symbol) == name)
    }

    @Test(arguments: [
        ("a::operator()(int) const", "a::operator()"), ("a::operator<<(b<c>)", "a::operator<<"),
        ("a::b(int (*)(char))", "a::b"), ("void a::b<c, d>(e)", "a::b"),
        ("a::{lambda(int)#1}::operator()(int) const", "a::{lambda"),
    ])
    func leavesParametersOut(_ name: String, _ short: String) {
        #expect(SymbolName.short(name) == short)
    }
}

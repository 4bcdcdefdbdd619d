/// How JavaScript that heapdump has the target carry out comes by Node's own modules.
enum BuiltInModule {
    /// A function of a name. `getBuiltinModule` where there is one: an application may have a `require` of its own on the
    /// global object.
    static let getter = "((name) => process.getBuiltinModule ? process.getBuiltinModule(name) : require(name))"
}

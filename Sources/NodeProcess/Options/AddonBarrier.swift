/// The option by which Node loads no native add-ons, heapdump's agent among them.
public enum AddonBarrier: Sendable, Equatable {
    /// --no-addons.
    case noAddons
    /// --permission, or --permission-audit, without --allow-addons.
    case permissionModel(option: String)

    /// `arguments` with the program's name first. The command line overrides NODE_OPTIONS.
    static func find(arguments: [String], nodeOptions: [String]) -> AddonBarrier? {
        var isOff = false
        var isAllowed = false
        let options = NodeCommandLine(nodeOptions: nodeOptions).options + NodeCommandLine(arguments: arguments).options
        for option in options {
            switch option.name {
            case "--no-addons": isOff = true
            case "--addons": isOff = false
            case "--allow-addons": isAllowed = true
            case "--no-allow-addons": isAllowed = false
            default: break
            }
        }
        if isOff { return .noAddons }
        let hints = InspectorHints(arguments: arguments, nodeOptions: nodeOptions)
        guard let option = hints.permissionOption, !isAllowed else { return nil }
        return .permissionModel(option: option)
    }
}

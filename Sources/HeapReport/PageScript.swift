/// The page's scripts as one, in a block of their own so that they leave no names behind in the page.
enum PageScript {
    static let bytes: [UInt8] = {
        let parts = [
            PackageResources.text_js, PackageResources.elements_js, PackageResources.path_js,
            PackageResources.table_js, PackageResources.squarify_js, PackageResources.treemap_js,
            PackageResources.sections_js, PackageResources.listings_js, PackageResources.report_js,
        ]
        return Array("{\n\"use strict\";\n".utf8) + parts.joined() + Array("}\n".utf8)
    }()
}

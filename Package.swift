// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in every target of ours; packages we depend on keep their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "heapscale",
  products: [.executable(name: "heapscale", targets: ["heapscale"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .target(name: "CLinux"),
    .target(
      name: "CUnwind",
      linkerSettings: [
        .linkedLibrary("unwind-generic"), .linkedLibrary("unwind"),
        .linkedLibrary("dw"), .linkedLibrary("stdc++"),
      ]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Model",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Targets",
      dependencies: [
        "CLinux", "Model",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Probes",
      dependencies: [
        "CLinux", "CUnwind", "Model",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(name: "Findings", dependencies: ["Model"], swiftSettings: strict),
    .target(
      name: "Profiles",
      dependencies: [
        "CZlib", "Model",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Schema"], swiftSettings: strict),
    .target(
      name: "Store",
      dependencies: [
        "Model",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Model",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      exclude: ["Schema"],
      // Templates, styles and scripts are files of their own kind and travel within the binary.
      resources: [.embedInCode("HTML/Assets")], swiftSettings: strict),
    .target(
      name: "Experiments",
      dependencies: [
        "Model", "Probes", "Targets",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "heapscale",
      dependencies: [
        "CLinux", "Experiments", "Findings", "Model", "Probes", "Profiles", "Reports", "Store", "Targets",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // What several test targets need.
    .target(name: "TestSupport", dependencies: ["Model"], path: "Tests/Support", swiftSettings: strict),
    .testTarget(name: "ModelTests", dependencies: ["Model", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TargetsTests", dependencies: ["Model", "Targets", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ProbesTests", dependencies: ["CLinux", "CUnwind", "Model", "Probes", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FindingsTests", dependencies: ["Findings", "Model"], exclude: ["Reference"],
      swiftSettings: strict),
    .testTarget(
      name: "ProfilesTests", dependencies: ["Model", "Profiles", "TestSupport"], exclude: ["Recorded"],
      swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Model", "Store", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(
      name: "ReportsTests", dependencies: ["Findings", "Model", "Profiles", "Reports"],
      exclude: ["Browser", "Golden"], swiftSettings: strict),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "Model", "Probes", "Targets", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["Model"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.2
import PackageDescription

// The house as a table: each room, what it may use, layer by layer (arrows only downward).
// `make lint` builds with the explicit-import check, so a use that is not in this table is an error.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Kernels, attacks and searches are optimised in debug builds too: the test suite runs real campaigns.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

struct Room {
  var name: String
  var uses: [Target.Dependency]
  var resources: [Resource] = []
  var exclude: [String] = []
  var isHot = false
}

let rooms: [Room] = [
  // L0: values, numbers and the system's libraries
  Room(name: "EngineSupport", uses: []),
  Room(name: "TensorCore", uses: ["CKernels"], isHot: true),
  Room(name: "XMLDocuments", uses: ["CLibXML2", "EngineSupport"]),
  Room(name: "YAMLDocuments", uses: ["EngineSupport", yams]),
  Room(name: "ZipArchives", uses: ["CLibArchive", "EngineSupport"]),
  // L1: formats and languages
  Room(name: "ArchitectureModel", uses: ["EngineSupport"]),
  Room(name: "NumPyFormat", uses: ["EngineSupport", "TensorCore", "ZipArchives"]),
  Room(
    name: "ONNXFormat", uses: ["EngineSupport", "TensorCore", protobuf],
    exclude: ["Wire/onnx-subset.proto"]),
  Room(name: "PropertyFormat", uses: ["EngineSupport"]),
  Room(name: "Provenance", uses: ["EngineSupport", crypto]),
  Room(
    name: "ThreatLanguage",
    uses: ["EngineSupport", "XMLDocuments", "YAMLDocuments", "ZipArchives", yams]),
  // L2: importers, graphs, networks, knowledge
  Room(
    name: "AttackGraphs", uses: ["EngineSupport", "TensorCore", "ThreatLanguage"], isHot: true),
  Room(name: "DescriptorImport", uses: ["EngineSupport"]),
  Room(
    name: "DiagramImport", uses: ["ArchitectureModel", "CZlib", "EngineSupport", "XMLDocuments"]),
  Room(
    name: "NeuralRuntime", uses: ["CKernels", "EngineSupport", "ONNXFormat", "TensorCore"],
    isHot: true),
  Room(
    name: "ThreatKnowledge",
    uses: [
      "ArchitectureModel", "CCatalogues", "EngineSupport", "ThreatLanguage", "YAMLDocuments",
    ],
    resources: [.embedInCode("Industrial")], exclude: ["Industrial/README.md"]),
  // L3: tests of models
  Room(
    name: "NetworkVerification",
    uses: ["EngineSupport", "NeuralRuntime", "PropertyFormat", "TensorCore"], isHot: true),
  // Certificates of campaigns stand on proofs of properties: the one arrow inside this layer.
  Room(
    name: "AdversarialTesting",
    uses: [
      "EngineSupport", "NetworkVerification", "NeuralRuntime", "ONNXFormat", "PropertyFormat",
      "TensorCore",
    ], isHot: true),
  // L4: test plans and their runs, the straight line and its reports
  Room(
    name: "ModelTesting",
    uses: [
      "AdversarialTesting", "EngineSupport", "NetworkVerification", "NeuralRuntime",
      "NumPyFormat", "ONNXFormat", "Provenance", "TensorCore", "YAMLDocuments", yams,
    ], isHot: true),
  Room(
    name: "AssessmentPipeline",
    uses: [
      "AdversarialTesting", "ArchitectureModel", "AttackGraphs", "DescriptorImport",
      "DiagramImport", "EngineSupport", "ModelTesting", "NeuralRuntime", "NumPyFormat",
      "ONNXFormat",
      "Provenance", "TensorCore", "ThreatKnowledge", "ThreatLanguage", "YAMLDocuments",
    ]),
  Room(
    name: "Reporting",
    uses: [
      "AdversarialTesting", "ArchitectureModel", "AssessmentPipeline", "AttackGraphs",
      "DiagramImport", "EngineSupport", "ModelTesting", "Provenance", "TensorCore",
      "ThreatKnowledge", "ThreatLanguage",
    ]),
]

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
  .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]

let kernels: Target = .target(
  name: "CKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))])

/// Counts allocations for the tests that show there are none.
let counter: Target = .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter")

/// The catalogues as bytes; their files are embedded by the C compiler, not copied beside the program.
let catalogues: Target = .target(name: "CCatalogues", exclude: ["Data"])

// L5: the programs
let programs: [Target] = [
  .executableTarget(
    name: "bartizan",
    dependencies: [
      "ArchitectureModel", "AssessmentPipeline", "AttackGraphs", "DiagramImport", "EngineSupport",
      "ModelTesting", "NetworkVerification", "NeuralRuntime", "NumPyFormat", "ONNXFormat",
      "PropertyFormat",
      "Provenance", "Reporting", "TensorCore", "ThreatKnowledge", "ThreatLanguage", arguments,
    ],
    swiftSettings: strict),
  .executableTarget(
    name: "bartizan-benchmarks",
    dependencies: [
      "AdversarialTesting", "ArchitectureModel", "AssessmentPipeline", "AttackGraphs",
      "DiagramImport", "EngineSupport", "ModelTesting", "NeuralRuntime", "NumPyFormat",
      "ONNXFormat",
      "TensorCore", "ThreatKnowledge", "ThreatLanguage", arguments,
    ],
    path: "benchmarks/bartizan-benchmarks",
    swiftSettings: strict),
]

/// What only a room's tests use.
let testOnly: [String: [Target.Dependency]] = [
  "NetworkVerification": ["ONNXFormat"],
  "NeuralRuntime": ["CAllocationCounter", protobuf],
  "TensorCore": ["EngineSupport"],
]

let tests: [Target] =
  rooms.map { room in
    .testTarget(
      name: "\(room.name)Tests",
      dependencies: [.target(name: room.name)] + room.uses + (testOnly[room.name] ?? []),
      swiftSettings: strict)
  } + [
    .testTarget(
      name: "CommandTests", dependencies: ["EngineSupport", "Provenance", "bartizan"],
      swiftSettings: strict),
    .testTarget(
      name: "ReplayTests",
      dependencies: [
        "ArchitectureModel", "AttackGraphs", "EngineSupport", "ThreatKnowledge", "ThreatLanguage",
      ],
      swiftSettings: strict),
  ]

let package = Package(
  name: "bartizan",
  products: [.executable(name: "bartizan", targets: ["bartizan"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
  ],
  targets: rooms.map { room in
    .target(
      name: room.name, dependencies: room.uses, exclude: room.exclude, resources: room.resources,
      swiftSettings: strict + (room.isHot ? optimised : []))
  } + [kernels, catalogues, counter] + systemLibraries + programs + tests
)

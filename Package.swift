// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The house as a table: each target, what it may use, layer by layer (arrows only downward).
// `make lint` builds with the explicit-import check, so a use that is not in this table is an error.

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Kernels and tensor loops are optimised in debug builds too: the test suite runs real campaigns.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

struct Room {
  var name: String
  var uses: [Target.Dependency]
  var resources: [Resource] = []
  var isHot = false
  var exclude: [String] = []
}

let rooms: [Room] = [
  // L0
  Room(name: "EngineSupport", uses: []),
  Room(name: "TensorCore", uses: ["CKernels"], isHot: true),
  // L1
  Room(name: "ArchitectureModel", uses: ["EngineSupport"]),
  Room(name: "ThreatLanguage", uses: ["EngineSupport"]),
  Room(
    name: "ONNXFormat", uses: ["EngineSupport", "TensorCore", protobuf],
    exclude: exists("Sources/ONNXFormat/onnx-subset.proto") ? ["onnx-subset.proto"] : []),
  Room(name: "NumPyFormat", uses: ["EngineSupport", "TensorCore", "CLibArchive"]),
  Room(name: "Provenance", uses: ["EngineSupport", crypto]),
  // L2
  Room(name: "DiagramImport", uses: ["EngineSupport", "ArchitectureModel", "CLibXML2", "CZlib"]),
  Room(name: "DescriptorImport", uses: ["EngineSupport"]),
  Room(name: "AttackGraphs", uses: ["EngineSupport", "TensorCore", "ThreatLanguage"]),
  Room(name: "NeuralRuntime", uses: ["EngineSupport", "TensorCore", "ONNXFormat"], isHot: true),
  Room(
    name: "ThreatKnowledge", uses: ["EngineSupport", "ArchitectureModel", "ThreatLanguage"],
    resources: [.embedInCode("Industrial")]),
  // L3
  Room(
    name: "AdversarialTesting", uses: ["EngineSupport", "TensorCore", "NeuralRuntime"], isHot: true),
  // L4
  Room(
    name: "AssessmentPipeline",
    uses: [
      "EngineSupport", "TensorCore", "ArchitectureModel", "ThreatLanguage", "ONNXFormat",
      "NumPyFormat", "Provenance", "DiagramImport", "DescriptorImport", "AttackGraphs",
      "NeuralRuntime", "ThreatKnowledge", "AdversarialTesting", yams,
    ]),
  Room(
    name: "Reporting",
    uses: [
      "EngineSupport", "TensorCore", "ArchitectureModel", "Provenance", "DiagramImport",
      "AttackGraphs", "ThreatLanguage", "ThreatKnowledge", "AdversarialTesting",
      "AssessmentPipeline",
    ]),
]

func exists(_ path: String) -> Bool {
  FileManager.default.fileExists(atPath: packageRoot + "/" + path)
}

/// A room may be built before every room it will use stands.
func stands(_ dependency: Target.Dependency) -> Bool {
  if case .byNameItem(let name, _) = dependency { return exists("Sources/\(name)") }
  return true
}

var targets: [Target] = rooms.filter { exists("Sources/\($0.name)") }.map { room in
  .target(
    name: room.name, dependencies: room.uses.filter(stands), exclude: room.exclude, resources: room.resources,
    swiftSettings: strict + (room.isHot ? optimised : []))
}
if exists("Sources/CKernels") {
  targets.append(
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]))
}
if exists("Sources/CLibXML2") {
  targets.append(
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]))
}
if exists("Sources/CZlib") {
  targets.append(
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]))
}
if exists("Sources/CLibArchive") {
  targets.append(
    .systemLibrary(
      name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]))
}
targets += rooms.filter { exists("Tests/\($0.name)Tests") }.map { room in
  .testTarget(
    name: "\(room.name)Tests", dependencies: [.target(name: room.name)] + room.uses.filter(stands),
    swiftSettings: strict)
}

let package = Package(
  name: "bartizan",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: targets
)

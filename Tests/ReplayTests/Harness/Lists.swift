extension ReplayTests {
  /// ATT&CK for ICS.
  static let campaigns: [Replay] = [
    .maroochy, .stuxnet, .duqu, .medre, .oldrea, .sandworm, .ukraine2015, .industroyer, .plcBlaster,
    .worms, .triton, .vpnFilter, .ransomware, .scouts, .industroyer2, .ukraine2022, .incontroller,
    .unitronics, .frostyGoop, .fuxnet,
  ]

  /// ATLAS, as far as they concern sensing or models that give a value or a class.
  static let caseStudies: [Replay] = [
    .malwareDetectors, .mailFilters, .faceRecognition, .physicalPattern, .cloudService,
    .translation,
    .openStorage, .openCluster, .publicData, .mobileApps, .registry, .modelHub,
  ]
}

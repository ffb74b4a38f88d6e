/** The simulated cluster encrypts nothing: what stands here only has the shape of a certificate. */
export const rootCertificate =
  '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGNsdXN0ZXI6IG5vIFRMUywgbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n';

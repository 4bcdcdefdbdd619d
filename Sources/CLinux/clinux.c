// The module map makes every shim of include/ visible as `CLinux`.

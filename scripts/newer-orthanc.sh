#!/usr/bin/env bash
# Puts the Orthanc of another Debian release beside the machine's own, to run the tests against it:
#
#   sudo scripts/newer-orthanc.sh DIR [RELEASE]        # RELEASE: trixie
#   PATH=DIR/bin:$PATH npm test -- tests/dicomweb/…
#
# DIR gets a chroot with orthanc, its DICOMweb and GDCM plugins, and DIR/bin/Orthanc, which runs it there with the
# same files under the same names (bind mounts of /tmp and of this checkout, made when it starts).
set -euo pipefail
dir=$(realpath -m "${1:?usage: newer-orthanc.sh DIR [RELEASE]}")
release=${2:-trixie}
checkout=$(cd "$(dirname "$0")/.." && pwd)
root=$dir/root
# The machine's own Debian mirror: of all sources the one whose index of packages holds Debian's base.
mirror=$(apt-cache policy base-files | awk '$2 ~ /^http/ { print $2; exit }')
[ -x /usr/sbin/debootstrap ] || apt-get install -y -qq --no-install-recommends debootstrap
if [ ! -x "$root/usr/sbin/Orthanc" ]; then
  mkdir -p "$root" "$dir/bin"
  debootstrap --variant=minbase "$release" "$root" "$mirror"
  cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends \
    orthanc orthanc-dicomweb orthanc-gdcm
fi
cat > "$dir/bin/Orthanc" <<RUN
#!/bin/sh
for shared in /tmp "$checkout"; do
  mkdir -p "$root\$shared"
  mountpoint -q "$root\$shared" || mount --bind "\$shared" "$root\$shared"
done
exec chroot "$root" /usr/sbin/Orthanc "\$@"
RUN
chmod 755 "$dir/bin/Orthanc"
echo "$dir/bin/Orthanc: $(chroot "$root" dpkg-query -W -f '${Version}' orthanc)"

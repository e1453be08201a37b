#!/bin/sh
# Fetches GraphHopper's published server (Apache-2.0) from Maven Central: `sh get.sh [folder]` writes graphhopper-web.jar there, beside this script by default.
set -e
folder=${1:-$(dirname "$0")}
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -Dartifact=com.graphhopper:graphhopper-web:10.2 \
  -Dmdep.stripVersion=true -DoutputDirectory="$(cd "$folder" && pwd)"

#!/bin/sh
# Fetches GraphHopper's published server (Apache-2.0) from Maven Central into the local repository, for the tests.
set -e
exec mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get -Dartifact=com.graphhopper:graphhopper-web:10.2 -Dtransitive=false

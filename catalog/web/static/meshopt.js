// model-viewer brings the decoder of meshopt along and uses it once a script named as its place has loaded: this one.

"""Skeletons: how points hang on their bones, and a person's joints to start a rig from."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import Joint, Skeleton, glb
from catalog.app.demo.implicit import capsule
from catalog.app.demo.shapes import Array, Look, Part, ball, joined, sweep


def hung(p: Array, joints: list[Joint]) -> tuple[np.ndarray, Array]:
    """The four nearest bones of each point and their shares; a leg never follows another leg."""
    places = {joint.name: np.asarray(joint.at) for joint in joints}
    far = np.empty((len(p), len(joints)))
    for index, joint in enumerate(joints):
        ends = [places[one.name] for one in joints if one.parent == joint.name] or [
            places[joint.name] + [0, -0.15, 0.1]
        ]
        bones = [capsule(p, tuple(places[joint.name]), tuple(end), 0.0) for end in ends]
        far[:, index] = np.min(bones, axis=0)
        if joint.name[1] in "FB" and joint.name[2:3] == "_":
            far[:, index] += 3 * np.clip(0.02 - p[:, 0] * np.sign(joint.at[0]), 0, 1)
    order = np.argsort(far, axis=1)[:, :4]
    near = np.take_along_axis(far, order, axis=1)
    weight = 1 / np.maximum(near, 0.01) ** 4
    weight = np.where(weight < weight.max(axis=1, keepdims=True) * 0.02, 0, weight)
    share = (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32).astype(float)
    order = np.where(share > 0, order, 0)
    return order, share / share.sum(axis=1, keepdims=True)


BIPED = (
    ("hips", (0, 0.95, 0), None),
    ("spine", (0, 1.10, 0), "hips"),
    ("chest", (0, 1.28, 0), "spine"),
    ("neck", (0, 1.48, 0), "chest"),
    ("head", (0, 1.60, 0.02), "neck"),
    ("shoulder_L", (0.17, 1.43, 0), "chest"),
    ("elbow_L", (0.44, 1.40, -0.02), "shoulder_L"),
    ("wrist_L", (0.70, 1.40, 0.02), "elbow_L"),
    ("shoulder_R", (-0.17, 1.43, 0), "chest"),
    ("elbow_R", (-0.44, 1.40, -0.02), "shoulder_R"),
    ("wrist_R", (-0.70, 1.40, 0.02), "elbow_R"),
    ("hip_L", (0.10, 0.92, 0), "hips"),
    ("knee_L", (0.11, 0.50, 0.02), "hip_L"),
    ("ankle_L", (0.11, 0.08, -0.02), "knee_L"),
    ("hip_R", (-0.10, 0.92, 0), "hips"),
    ("knee_R", (-0.11, 0.50, 0.02), "hip_R"),
    ("ankle_R", (-0.11, 0.08, -0.02), "knee_R"),
)


def biped() -> Files:
    """A skeleton to start a person's rig from, with bones and joints to see it by."""
    joints = [Joint(name=name, at=at, parent=parent) for name, at, parent in BIPED]
    places = {joint.name: joint.at for joint in joints}
    knots, bones = [], []
    for joint in joints:
        knots.append(
            ball(
                0.032 if joint.name != "head" else (0.07, 0.10, 0.085),
                joint.at if joint.name != "head" else (0, 1.68, 0.03),
                detail=20,
            )
        )
        if joint.parent:
            path = np.linspace(places[joint.parent], joint.at, 12)
            bones.append(sweep(path, 0.034 * np.sin(np.linspace(0.5, np.pi - 0.12, 12)) ** 1.4 + 0.004, around=4))
    made = []
    for name, mesh, look in (
        ("joints", joined(knots), Look(name="joint", color=(0.75, 0.27, 0.03), roughness=0.35)),
        ("bones", joined(bones), Look(name="bone", color=(0.58, 0.60, 0.60), roughness=0.4)),
    ):
        order, share = hung(mesh.points, joints)
        made.append(Part(name=name, mesh=mesh, look=look, joints=order, weights=share))
    return {"rig/biped_template.glb": glb(made, Skeleton(joints=joints))}

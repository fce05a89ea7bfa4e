"""Written by codegen/edge_conv_gpu.py; not to be edited."""

import triton
import triton.language as tl

K = tl.constexpr((
))


@triton.jit
def convolve_0(h, y, w, mask, zero, ROW: tl.constexpr, sum):
 sum0,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(y+0)
 # (0, 0, 0)
 t2=t0*t1
 t3=tl.load(w+0*ROW,mask,0.)
 sum0=sum0+t3*t2
 return sum0,


@triton.jit
def gradient_0(h, y, w, dh, dy, dw, mask, zero, ROW: tl.constexpr, HARMONICS: tl.constexpr, sum):
 sum0,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(y+0)
 t2=tl.load(w+0*ROW,mask,0.)
 # (0, 0, 0)
 t3=sum0*t1
 t4=t0*t3
 t5=t2*t3
 tl.store(dw+0*ROW,t4,mask)
 if HARMONICS:
  t6=t2*sum0
  t7=t0*t6
  tl.store(dy+0,tl.load(dy+0)+tl.sum(t7))
 tl.store(dh+0*ROW,t5,mask)
 return sum0,


CONVOLVE = (convolve_0,)


GRADIENT = (gradient_0,)
